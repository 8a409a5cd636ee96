import type { Socket } from 'node:net';
import type { Logger } from '@framebus/contract/service';
import type { Client } from './client.js';
import type { RelayLimits } from './limits.js';
import { formatReply, type RtspRequest } from './message.js';
import { Outbox } from './outbox.js';
import { RtspParser } from './parser.js';
import type { Paths } from './paths.js';
import { Session } from './session.js';
import { RtspError } from './status.js';

/** How long a closed connection may take to send its last bytes. */
const lingerMs = 1000;
const tcpKeepAliveMs = 30_000;

/**
 * One client's socket. While its outbox is full nothing more is read from it, so that replies
 * cannot pile up; bytes that are no RTSP are answered once and end the connection.
 */
export class Connection implements Client {
  readonly address: string;
  readonly outbox: Outbox;
  readonly #socket: Socket;
  readonly #limits: RelayLimits;
  readonly #log: Logger;
  readonly #parser: RtspParser;
  readonly #session: Session;
  #heardAt = performance.now();
  #closedAt: number | undefined;
  #paused = false;
  /** Packets that belong to no track, or are no RTP. */
  strayPackets = 0;

  constructor(socket: Socket, paths: Paths, limits: RelayLimits, log: Logger) {
    this.address = `${socket.remoteAddress}:${socket.remotePort}`;
    this.#socket = socket;
    this.#limits = limits;
    this.#log = log.child({ client: this.address });
    this.#parser = new RtspParser(limits);
    this.outbox = new Outbox(socket, limits.maxReaderBytes, () => this.#resume());
    this.#session = new Session(this, paths, limits);
    socket.setNoDelay(true).setKeepAlive(true, tcpKeepAliveMs);
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.close(error.message));
    socket.on('close', () => this.close('the client left'));
  }

  close(reason: string): void {
    if (this.#closedAt !== undefined) return;
    this.#closedAt = performance.now();
    const { strayPackets } = this;
    this.#log.debug({ reason, strayPackets }, 'closed');
    this.#session.end();
    this.outbox.close();
    this.#socket.end();
    this.#socket.resume();
  }

  /** Closes at once, without a last word. */
  destroy(reason: string): void {
    this.close(reason);
    this.#socket.destroy();
  }

  /** Closes what has been silent or stuck for too long. */
  check(now: number): void {
    const { idleTimeoutMs, publishTimeoutMs, stuckTimeoutMs } = this.#limits;
    if (this.#closedAt !== undefined) {
      if (now - this.#closedAt > lingerMs) this.#socket.destroy();
    } else if (this.outbox.stuckMs(now) > stuckTimeoutMs) {
      this.#log.warn('takes nothing: closing');
      this.destroy('it takes nothing');
    } else if (this.#session.silentMs(now) > publishTimeoutMs) {
      this.#log.warn('publishes nothing: closing');
      this.close('it publishes nothing');
    } else if (now - Math.max(this.#heardAt, this.outbox.progressAt) > idleTimeoutMs) {
      this.close('it says nothing');
    }
  }

  #receive(chunk: Buffer): void {
    if (this.#closedAt !== undefined) return;
    this.#parser.push(chunk);
    this.#read();
  }

  #read(): void {
    try {
      while (this.#closedAt === undefined) {
        this.#paused = !this.outbox.hasRoom;
        if (this.#paused) {
          this.#socket.pause();
          return;
        }
        const message = this.#parser.next();
        if (message === undefined) return;
        this.#heardAt = performance.now();
        if (message.kind === 'request') this.#answer(message);
        else if (!this.#session.receive(message)) this.strayPackets += 1;
      }
    } catch (error) {
      this.#refuse(error, undefined);
      this.close(`it speaks no RTSP: ${String(error)}`);
    }
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#read();
    if (!this.#paused) this.#socket.resume();
  }

  #answer(request: RtspRequest): void {
    const cseq = /^\d{1,10}$/.exec(request.headers.get('cseq') ?? '')?.[0];
    try {
      if (cseq === undefined) throw new RtspError(400, 'CSeq is missing');
      this.outbox.send(formatReply(this.#session.handle(request), cseq));
    } catch (error) {
      this.#refuse(error, cseq);
    }
  }

  #refuse(error: unknown, cseq: string | undefined): void {
    if (!(error instanceof RtspError)) throw error;
    this.#log.debug({ status: error.status, reason: error.message }, 'refused');
    this.outbox.send(formatReply({ status: error.status }, cseq));
  }
}
