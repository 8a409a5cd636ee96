import { RtspError, reasons, type Status } from './status.js';

/** A request; header names are in lower case. */
export interface RtspRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** One RTP or RTCP packet inside the connection (RFC 2326, section 10.12). */
export interface InterleavedFrame {
  readonly kind: 'frame';
  readonly channel: number;
  /** `$`, channel and length, then the packet. */
  readonly bytes: Buffer;
}

export interface RtspReply {
  readonly status: Status;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Size of `$`, channel and length before an interleaved packet. */
export const frameHeaderBytes = 4;

const maxHeaders = 64;

/**
 * Reads a request line and headers, without the empty line that ends them. The body is read later.
 * @throws RtspError 400 or 505
 */
export function parseHead(head: string): RtspRequest {
  const [requestLine = '', ...lines] = head.split('\r\n');
  const [method = '', url = '', version = '', more] = requestLine.split(' ');
  if (!/^[A-Z_]{1,32}$/.test(method) || !/^[\x21-\x7e]+$/.test(url) || more !== undefined) {
    throw new RtspError(400, 'the request line is wrong');
  }
  if (!/^RTSP\/\d\.\d$/.test(version)) throw new RtspError(400, 'the protocol is not RTSP');
  if (version !== 'RTSP/1.0') throw new RtspError(505, `${version} is not spoken here`);
  if (lines.length > maxHeaders) throw new RtspError(400, `more than ${maxHeaders} headers`);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([^\0\r\n]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new RtspError(400, 'a header is wrong');
    const earlier = headers.get(name.toLowerCase());
    headers.set(
      name.toLowerCase(),
      earlier === undefined ? value.trim() : `${earlier}, ${value.trim()}`,
    );
  }
  return { kind: 'request', method, url, headers, body: '' };
}

/** The reply as it goes over the wire. Strings are Latin-1, so that an SDP passes byte for byte. */
export function formatReply(reply: RtspReply, cseq: string | undefined): Buffer {
  const body = reply.body ?? '';
  const headers = {
    ...(cseq === undefined ? {} : { CSeq: cseq }),
    Server: 'framebus-relay',
    ...reply.headers,
    ...(body === '' ? {} : { 'Content-Length': String(body.length) }),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `RTSP/1.0 ${reply.status} ${reasons[reply.status]}\r\n${lines.join('')}\r\n`;
  return Buffer.from(head + body, 'latin1');
}
