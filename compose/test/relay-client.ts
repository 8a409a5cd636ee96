import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { until } from '@framebus/test';

export interface Reply {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** An RTSP client that does what a test says and no more. */
export class RtspClient implements AsyncDisposable {
  readonly socket: Socket;
  readonly replies: Reply[] = [];
  readonly frames: { channel: number; packet: Buffer }[] = [];
  closed = false;
  #unread = Buffer.alloc(0);
  #cseq = 0;
  session: string | undefined;

  private constructor(socket: Socket) {
    this.socket = socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
    });
  }

  static async connect(port: number): Promise<RtspClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RtspClient(socket);
  }

  /** Sends a request and waits for its reply. */
  async request(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>> = {},
    body = '',
  ): Promise<Reply> {
    this.#cseq += 1;
    const all = {
      CSeq: String(this.#cseq),
      ...(this.session && { Session: this.session }),
      ...(body && { 'Content-Type': 'application/sdp', 'Content-Length': String(body.length) }),
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    const cseq = String(this.#cseq);
    this.socket.write(`${method} ${url} RTSP/1.0\r\n${lines.join('')}\r\n${body}`);
    const reply = await until(`a reply to ${method}`, () =>
      this.replies.find((each) => each.headers.get('cseq') === cseq),
    );
    this.session = reply.headers.get('session')?.split(';')[0] ?? this.session;
    return reply;
  }

  sendFrame(channel: number, packet: Buffer): boolean {
    const header = Buffer.from([0x24, channel, 0, 0]);
    header.writeUInt16BE(packet.length, 2);
    return this.socket.write(Buffer.concat([header, packet]));
  }

  /** Leaves and waits until the other side has closed too. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.closed) return;
    const closed = once(this.socket, 'close');
    this.socket.destroy();
    await closed;
  }

  #receive(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    while (this.#unread.length > 4) {
      const size = this.#unread[0] === 0x24 ? this.#takeFrame() : this.#takeReply();
      if (size === 0) return;
      this.#unread = this.#unread.subarray(size);
    }
  }

  #takeFrame(): number {
    const size = 4 + this.#unread.readUInt16BE(2);
    if (this.#unread.length < size) return 0;
    const channel = this.#unread.readUInt8(1);
    // Not of Node's pool: a slab of 8 KiB would stay for each packet that is kept.
    const packet = Buffer.allocUnsafeSlow(size - 4);
    this.#unread.copy(packet, 0, 4, size);
    this.frames.push({ channel, packet });
    return size;
  }

  #takeReply(): number {
    const end = this.#unread.indexOf('\r\n\r\n');
    if (end === -1) return 0;
    const [first = '', ...lines] = this.#unread.toString('latin1', 0, end).split('\r\n');
    const headers = new Map(
      lines.map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const size = end + 4 + Number(headers.get('content-length') ?? 0);
    if (this.#unread.length < size) return 0;
    const body = this.#unread.toString('latin1', end + 4, size);
    this.replies.push({ status: Number(first.split(' ')[1]), headers, body });
    return size;
  }
}

export const sdp = [
  'v=0',
  'o=- 0 0 IN IP4 127.0.0.1',
  's=test',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=video 5004 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=control:streamid=0',
  '',
].join('\r\n');

/** Publishes one H.264 track on channels 0 and 1. */
export async function publish(port: number, name: string): Promise<RtspClient> {
  const client = await RtspClient.connect(port);
  const url = `rtsp://127.0.0.1:${port}/${name}`;
  const transport = { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1;mode=record' };
  const replies = [
    await client.request('ANNOUNCE', url, {}, sdp),
    await client.request('SETUP', `${url}/streamid=0`, transport),
    await client.request('RECORD', url),
  ];
  if (replies.some(({ status }) => status !== 200)) throw new Error('publishing was refused');
  return client;
}

/** Plays the first track on the channels given. */
export async function play(port: number, name: string, channels = '0-1'): Promise<RtspClient> {
  const client = await RtspClient.connect(port);
  const url = `rtsp://127.0.0.1:${port}/${name}`;
  const transport = { Transport: `RTP/AVP/TCP;unicast;interleaved=${channels}` };
  const replies = [
    await client.request('SETUP', `${url}/trackID=0`, transport),
    await client.request('PLAY', url),
  ];
  if (replies.some(({ status }) => status !== 200)) throw new Error('playing was refused');
  return client;
}

/** An RTP packet of payload type 96. */
export function rtp(sequence: number, timestamp: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt8(0x80, 0);
  header.writeUInt8(96, 1);
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE(timestamp, 4);
  return Buffer.concat([header, payload]);
}

export function sequenceOf(packet: Buffer): number {
  return packet.readUInt16BE(2);
}
