import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { CameraError } from '../camera-error.js';
import { type ConnectionOptions, RtspConnection } from './connection.js';
import { baseOf, Dialogue, headerOf } from './dialogue.js';
import { sdpBehindDoor } from './door-sdp.js';
import { MessageReader, type RtspMessage } from './message.js';
import { withoutLogin } from './sdp.js';

/** Requests of ffmpeg that may wait for the camera's answers. */
const maxWaiting = 8;
const methods = ['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY', 'GET_PARAMETER', 'TEARDOWN'];
const toCamera: readonly (readonly [name: string, shown: string])[] = [
  ['accept', 'Accept'],
  ['transport', 'Transport'],
  ['session', 'Session'],
  ['range', 'Range'],
];
const toReader = ['Public', 'Session', 'Transport', 'Content-Type', 'Range'];

/**
 * One camera for one reader on this machine, ffmpeg: a port of RTSP on loopback that takes one connection.
 * The reader sees neither the camera's address, which was checked, nor its login, nor a redirect; so none
 * of them is in the reader's arguments. RTP goes through inside the connection, as fast as the reader takes it.
 */
export class Door implements AsyncDisposable {
  /** What the reader opens. */
  readonly url: string;
  /** Rejects with the CameraError that ended it. */
  readonly failed: Promise<never>;
  readonly #connection: RtspConnection;
  readonly #dialogue: Dialogue;
  readonly #server: Server;
  readonly #requests = new MessageReader();
  /** What the reader's URLs mean at the camera. */
  readonly #urls = new Map<string, string>();
  #reader: Socket | undefined;
  #answered: Promise<void> = Promise.resolve();
  #waiting = 0;
  #session: string | undefined;

  /** @throws CameraError */
  static async open(url: string, options: ConnectionOptions, signal: AbortSignal): Promise<Door> {
    const server = createServer({ noDelay: true });
    let door: Door | undefined;
    const toDoor = (channel: number, bytes: Buffer) => door?.handOut(channel, bytes);
    const connection = await RtspConnection.open(new URL(url), options, toDoor, signal);
    try {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    } catch (error) {
      await connection.close();
      throw error;
    }
    door = new Door(url, connection, server);
    return door;
  }

  private constructor(url: string, connection: RtspConnection, server: Server) {
    this.url = `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/camera`;
    this.#urls.set(this.url, withoutLogin(new URL(url).href).replace(/#.*$/, ''));
    this.#connection = connection;
    this.#dialogue = new Dialogue(connection, new URL(url));
    this.failed = connection.failed;
    this.failed.catch(() => this.#reader?.end());
    this.#server = server;
    server.once('connection', (socket) => this.#letIn(socket));
    server.on('connection', (socket) => {
      if (socket !== this.#reader) socket.destroy();
    });
  }

  /** To be called with each packet of the camera. */
  handOut(channel: number, bytes: Buffer): void {
    const reader = this.#reader;
    if (!reader?.writable) return;
    reader.write(Buffer.from([0x24, channel, bytes.length >> 8, bytes.length & 0xff]));
    if (!reader.write(bytes)) this.#connection.pause();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#reader?.destroy();
    const url = this.#urls.get(this.url) ?? '';
    const session = this.#session;
    const headers = session && this.#dialogue.headers('TEARDOWN', url, { Session: session });
    await this.#connection.close(headers ? { method: 'TEARDOWN', url, headers } : undefined);
  }

  #letIn(socket: Socket): void {
    this.#reader = socket;
    this.#server.close();
    socket.on('error', () => {});
    socket.on('drain', () => this.#connection.resume());
    socket.on('data', (chunk) => {
      try {
        this.#requests.push(chunk);
        for (let next = this.#requests.next(); next; next = this.#requests.next()) {
          if (next.kind === 'packet') this.#connection.sendPacket(next.channel, next.bytes);
          else this.#queue(next);
        }
      } catch (error) {
        this.#connection.fail(error as Error);
      }
    });
  }

  #queue(request: RtspMessage): void {
    this.#waiting += 1;
    if (this.#waiting > maxWaiting) throw new CameraError('CAMERA_BROKEN', 'too many requests');
    this.#answered = this.#answered
      .then(() => this.#serve(request))
      .catch((error: Error) => this.#connection.fail(error))
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  async #serve(request: RtspMessage): Promise<void> {
    const [method = '', url = ''] = request.startLine.split(' ');
    const meant = this.#urls.get(url) ?? this.#urls.get(url.replace(/\/$/, ''));
    if (meant === undefined || !methods.includes(method)) {
      return this.#answer(request, '501 Not Implemented', {}, '');
    }
    if (method === 'TEARDOWN') return this.#answer(request, '200 OK', {}, '');
    const headers: Record<string, string> = {};
    for (const [name, shown] of toCamera) {
      const value = headerOf(request, name);
      if (value !== undefined) headers[shown] = value;
    }
    const tolerant = method === 'OPTIONS' || method === 'GET_PARAMETER';
    const answer = await this.#dialogue.ask(method, meant, headers, tolerant);
    const passed: Record<string, string> = {};
    for (const name of toReader) {
      const value = headerOf(answer, name.toLowerCase());
      if (value !== undefined) passed[name] = value.replace(/[^\x20-\x7e]/g, '');
    }
    this.#session ??= passed.Session?.split(';')[0];
    const body = method === 'DESCRIBE' ? this.#described(answer, meant) : '';
    this.#answer(request, answer.startLine.slice(9).replace(/[^\x20-\x7e]/g, ''), passed, body);
  }

  #described(answer: RtspMessage, url: string): string {
    const base = withoutLogin(baseOf(answer, url));
    const { sdp, aggregateUrl, controlUrls } = sdpBehindDoor(
      answer.body.toString('latin1'),
      base,
      this.url,
    );
    this.#urls.set(this.url, aggregateUrl);
    controlUrls.forEach((control, at) => {
      this.#urls.set(`${this.url}/${at}`, control);
    });
    return sdp;
  }

  #answer(
    request: RtspMessage,
    status: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): void {
    const all = { CSeq: headerOf(request, 'cseq') ?? '0', ...headers };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    const length = body === '' ? '' : `Content-Length: ${body.length}\r\n`;
    this.#reader?.write(`RTSP/1.0 ${status}\r\n${lines.join('')}${length}\r\n${body}`, 'latin1');
  }
}
