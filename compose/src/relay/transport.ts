import { RtspError } from './status.js';

/** Channel numbers of one track inside a connection. */
export interface Channels {
  readonly rtp: number;
  readonly rtcp: number;
}

/**
 * Picks the first way of transport that the client offers and the relay speaks: TCP, interleaved.
 * Without channel numbers in the offer the track takes the two at `2 * track`.
 * @throws RtspError 461 when there is none, 400 when its channels are wrong
 */
export function chooseTransport(header: string | undefined, track: number): Channels {
  if (header === undefined) throw new RtspError(400, 'Transport is missing');
  const offer = header
    .split(',')
    .map((words) => words.split(';').map((word) => word.trim().toLowerCase()))
    .find(([profile, ...rest]) => profile === 'rtp/avp/tcp' && !rest.includes('multicast'));
  if (offer === undefined) throw new RtspError(461, 'only RTP/AVP/TCP, interleaved');
  const asked = offer.find((word) => word.startsWith('interleaved='));
  if (asked === undefined) return { rtp: 2 * track, rtcp: 2 * track + 1 };
  const [, first, second] = /^interleaved=(\d{1,3})(?:-(\d{1,3}))?$/.exec(asked) ?? [];
  const rtp = Number(first);
  const rtcp = second === undefined ? rtp + 1 : Number(second);
  if (first === undefined || rtp === rtcp || Math.max(rtp, rtcp) > 255) {
    throw new RtspError(400, 'the interleaved channels are wrong');
  }
  return { rtp, rtcp };
}

export function formatTransport({ rtp, rtcp }: Channels): string {
  return `RTP/AVP/TCP;unicast;interleaved=${rtp}-${rtcp}`;
}
