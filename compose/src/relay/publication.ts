import type { Client } from './client.js';
import { frameHeaderBytes, type InterleavedFrame } from './message.js';
import type { Paths } from './paths.js';
import { isRtcp, isRtp } from './rtp.js';
import type { Description } from './sdp.js';
import { RtspError } from './status.js';
import { Stream } from './stream.js';
import { type Channels, chooseTransport } from './transport.js';
import { parseUrl, splitTrack } from './url.js';

interface Source {
  readonly track: number;
  readonly kind: keyof Channels;
}

/** One client that announced a stream. It takes its path only at RECORD, so one that hangs before harms nobody. */
export class Publication {
  readonly #name: string;
  readonly #description: Description;
  readonly #sources = new Map<number, Source>();
  #stream: Stream | undefined;

  constructor(name: string, description: Description) {
    this.#name = name;
    this.#description = description;
  }

  /** Undefined before RECORD. */
  get stream(): Stream | undefined {
    return this.#stream;
  }

  /** @throws RtspError 400, 404, 455, 459 or 461 */
  setUp(url: string, transport: string | undefined): Channels {
    if (this.#stream !== undefined) throw new RtspError(455, 'already recording');
    const track = this.#trackOf(url);
    if ([...this.#sources.values()].some((source) => source.track === track)) {
      throw new RtspError(455, 'the track is set up already');
    }
    const channels = chooseTransport(transport, track);
    if (this.#sources.has(channels.rtp) || this.#sources.has(channels.rtcp)) {
      throw new RtspError(400, 'an interleaved channel is taken');
    }
    this.#sources.set(channels.rtp, { track, kind: 'rtp' });
    this.#sources.set(channels.rtcp, { track, kind: 'rtcp' });
    return channels;
  }

  /** @throws RtspError 455 or 503 */
  record(paths: Paths, client: Client): void {
    if (this.#stream !== undefined) throw new RtspError(455, 'already recording');
    if (this.#sources.size < 2 * this.#description.tracks.length) {
      throw new RtspError(455, 'not every track is set up');
    }
    const stream = new Stream(this.#name, this.#description, client);
    paths.add(stream);
    this.#stream = stream;
  }

  /** Passes a packet on. False when it belongs to no track or is no RTP. */
  receive(frame: InterleavedFrame): boolean {
    const source = this.#sources.get(frame.channel);
    const packet = frame.bytes.subarray(frameHeaderBytes);
    const isPacket = source?.kind === 'rtp' ? isRtp(packet) : isRtcp(packet);
    if (this.#stream === undefined || source === undefined || !isPacket) return false;
    this.#stream.deliver(source.track, source.kind, frame);
    return true;
  }

  #trackOf(url: string): number {
    const { tracks } = this.#description;
    for (const [index, { control }] of tracks.entries()) {
      if (control === '') continue;
      if (control === url) return index;
      const base = splitTrack(url, control);
      if (base !== undefined && parseUrl(base).name === this.#name) return index;
    }
    if (parseUrl(url).name !== this.#name) throw new RtspError(404, 'no such track');
    if (tracks.length > 1) throw new RtspError(459, 'set up one track at a time');
    return 0;
  }
}
