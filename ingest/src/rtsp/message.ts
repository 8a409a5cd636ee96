import { CameraError } from '../camera-error.js';

/** What comes over an RTSP connection (RFC 2326): header names in lower case, text as Latin-1. */
export interface RtspMessage {
  readonly kind: 'message';
  /** Status line of an answer, request line of a request of the camera. */
  readonly startLine: string;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
}

/** One RTP or RTCP packet inside the connection (RFC 2326, section 10.12). */
export interface InterleavedPacket {
  readonly kind: 'packet';
  readonly channel: number;
  readonly bytes: Buffer;
}

const dollar = 0x24;
const frameHeaderBytes = 4;
const headEnd = '\r\n\r\n';
const maxHeaderBytes = 16 * 1024;
const maxHeaders = 64;
/** The longest body is an SDP. */
const maxBodyBytes = 64 * 1024;

/**
 * Cuts a connection's bytes into messages and interleaved packets, however the chunks fall.
 * Holds one unfinished message, of 16 KiB of headers and 64 KiB of body at most, and the newest chunk.
 */
export class MessageReader {
  #bytes: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
  }

  /**
   * The next whole message or packet, or undefined until more bytes come.
   * @throws CameraError when it is no RTSP, after which the reader is of no more use
   */
  next(): RtspMessage | InterleavedPacket | undefined {
    let start = 0;
    while (this.#bytes[start] === 0x0d || this.#bytes[start] === 0x0a) start += 1;
    this.#bytes = this.#bytes.subarray(start);
    if (this.#bytes.length === 0) return undefined;
    return this.#bytes[0] === dollar ? this.#packet() : this.#message();
  }

  #packet(): InterleavedPacket | undefined {
    if (this.#bytes.length < frameHeaderBytes) return undefined;
    const end = frameHeaderBytes + this.#bytes.readUInt16BE(2);
    if (this.#bytes.length < end) return undefined;
    const packet = this.#bytes.subarray(frameHeaderBytes, end);
    const channel = this.#bytes.readUInt8(1);
    this.#bytes = this.#bytes.subarray(end);
    return { kind: 'packet', channel, bytes: packet };
  }

  #message(): RtspMessage | undefined {
    const first = this.#bytes.readUInt8(0);
    if (first < 0x41 || first > 0x5a) throw noRtsp('neither a message nor a packet');
    const headBytes = this.#bytes.subarray(0, maxHeaderBytes).indexOf(headEnd);
    if (headBytes === -1) {
      if (this.#bytes.length < maxHeaderBytes) return undefined;
      throw noRtsp(`headers over ${maxHeaderBytes} bytes`);
    }
    const { startLine, headers } = parseHead(this.#bytes.toString('latin1', 0, headBytes));
    const bodyStart = headBytes + headEnd.length;
    const bodyEnd = bodyStart + bodyBytes(headers);
    if (this.#bytes.length < bodyEnd) return undefined;
    const body = this.#bytes.subarray(bodyStart, bodyEnd);
    this.#bytes = this.#bytes.subarray(bodyEnd);
    return { kind: 'message', startLine, headers, body };
  }
}

/** Status of an answer; undefined for a request. @throws CameraError when it is neither */
export function statusOf({ startLine }: RtspMessage): number | undefined {
  const status = /^RTSP\/1\.\d (\d{3})(?: |$)/.exec(startLine)?.[1];
  if (status !== undefined) return Number(status);
  if (/^[A-Z_]{1,32} \S+ RTSP\/1\.\d$/.test(startLine)) return undefined;
  throw noRtsp('the first line is wrong');
}

function parseHead(head: string): Pick<RtspMessage, 'startLine' | 'headers'> {
  const [startLine = '', ...lines] = head.split('\r\n');
  if (lines.length > maxHeaders) throw noRtsp(`more than ${maxHeaders} headers`);
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) throw noRtsp('a header is wrong');
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return { startLine, headers };
}

function bodyBytes(headers: RtspMessage['headers']): number {
  const length = headers.get('content-length')?.[0] ?? '0';
  if (!/^\d{1,10}$/.test(length)) throw noRtsp('Content-Length is wrong');
  if (Number(length) > maxBodyBytes) throw noRtsp(`a body over ${maxBodyBytes} bytes`);
  return Number(length);
}

function noRtsp(what: string): CameraError {
  return new CameraError('CAMERA_BROKEN', `camera does not speak RTSP: ${what}`, { said: what });
}
