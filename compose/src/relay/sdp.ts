import { RtspError } from './status.js';

/** One `m=` section of an SDP. */
export interface Track {
  /** Its `a=control`, by which the publisher's SETUP names it; empty when it has none. */
  readonly control: string;
  /** Name in its first `a=rtpmap`, in capitals, such as `H264`; empty when it has none. */
  readonly encoding: string;
}

export interface Description {
  readonly tracks: readonly Track[];
  /** The SDP for readers: the publisher's own, its tracks named `trackID=0` and on. */
  readonly sdp: string;
}

/** The `a=control` of a track, for readers. */
export function trackControl(index: number): string {
  return `trackID=${index}`;
}

/** Reads a publisher's SDP (RFC 8866). @throws RtspError 400 */
export function parseSdp(sdp: string, maxTracks: number): Description {
  const lines = sdp.split(/\r?\n/).filter((line) => line !== '');
  if (lines[0] !== 'v=0' || lines.some((line) => !/^[a-z]=[^\0\r]*$/.test(line))) {
    throw new RtspError(400, 'the SDP is wrong');
  }
  const starts = lines.flatMap((line, at) => (line.startsWith('m=') ? [at] : []));
  if (starts.length === 0) throw new RtspError(400, 'the SDP has no track');
  if (starts.length > maxTracks) throw new RtspError(400, `more than ${maxTracks} tracks`);
  const sections = starts.map((start, index) => lines.slice(start, starts[index + 1]));
  return {
    tracks: sections.map((section) => ({
      control: attribute(section, 'control'),
      encoding: (/^\d+ ([^/]+)/.exec(attribute(section, 'rtpmap'))?.[1] ?? '').toUpperCase(),
    })),
    sdp: [
      ...forReaders(lines.slice(0, starts[0]), '*'),
      ...sections.flatMap((section, index) => forReaders(section, trackControl(index))),
    ]
      .map((line) => `${line}\r\n`)
      .join(''),
  };
}

function attribute(section: readonly string[], name: string): string {
  const start = `a=${name}:`;
  return (
    section
      .find((line) => line.startsWith(start))
      ?.slice(start.length)
      .trim() ?? ''
  );
}

/** Readers set tracks up here and not at the publisher, so its control URLs and addresses are replaced. */
function forReaders(section: readonly string[], control: string): string[] {
  return [
    ...section
      .filter((line) => !line.startsWith('a=control:'))
      .map((line) => (line.startsWith('c=') ? 'c=IN IP4 0.0.0.0' : line))
      .map((line) => line.replace(/^(m=\w+) \d+/, '$1 0')),
    `a=control:${control}`,
  ];
}
