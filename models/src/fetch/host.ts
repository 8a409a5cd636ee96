import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import {
  HostAnswerError,
  ProxyError,
  RedirectError,
  reason,
  TransferError,
} from './host-errors.js';
import type { Proxies } from './proxies.js';

/** From which byte on, and only while the file has this entity tag. */
export interface Range {
  readonly from: number;
  readonly ifRange: string | undefined;
}

/** The file, or the part of it that was asked for. */
export interface HostAnswer {
  /** 200: all of it; 206: a part; 416: nothing is left from there on. */
  readonly status: number;
  /** Offset of the first byte of `body`. */
  readonly start: number;
  /** Size of the whole file. */
  readonly bytes: number | undefined;
  readonly etag: string | undefined;
  /** Told by the hub itself, not by where it led to. */
  readonly sha256: string | undefined;
  readonly revision: string | undefined;
  readonly body: Dispatcher.ResponseData['body'];
}

/** What the hub tells of a file on the way to it. */
interface Told {
  sha256?: string | undefined;
  revision?: string | undefined;
  bytes?: number | undefined;
}

const maxHops = 5;

/** Asks a model hub for files, through proxies where they are given. */
export class ModelHost implements AsyncDisposable {
  readonly #timeoutMs: number;
  readonly #dispatcher: EnvHttpProxyAgent;

  /** @throws ProxyError */
  constructor(timeoutMs: number, proxies: Proxies) {
    this.#timeoutMs = timeoutMs;
    try {
      this.#dispatcher = new EnvHttpProxyAgent({ ...proxies, connect: { timeout: timeoutMs } });
    } catch (cause) {
      throw new ProxyError(cause);
    }
  }

  /** Asks for a file and follows where the hub leads. @throws HostAnswerError, TransferError, RedirectError */
  async open(file: string, range: Range | undefined, signal: AbortSignal): Promise<HostAnswer> {
    const first = new URL(file);
    let url = first;
    const told: Told = {};
    for (let hop = 0; hop <= maxHops; hop++) {
      const { statusCode, headers, body } = await this.#get(url, range, signal);
      const header = (name: string) => {
        const value = headers[name];
        return Array.isArray(value) ? value[0] : value;
      };
      if (url.origin === first.origin) {
        told.sha256 ??= sha256In(header('x-linked-etag'));
        told.revision ??= header('x-repo-commit');
        told.bytes ??= sizeIn(header('x-linked-size'));
      }
      if (statusCode === 200 || statusCode === 206 || statusCode === 416) {
        const etag = header('etag');
        const length = sizeIn(header('content-length'));
        const part = /^bytes (?:(\d+)-\d+|\*)\/(\d+)$/.exec(header('content-range') ?? '');
        return {
          status: statusCode,
          start: statusCode === 206 ? Number(part?.[1] ?? Number.NaN) : 0,
          bytes: statusCode === 200 ? (length ?? told.bytes) : sizeIn(part?.[2]),
          etag,
          sha256: told.sha256 ?? (url.origin === first.origin ? sha256In(etag) : undefined),
          revision: told.revision,
          body,
        };
      }
      await body.dump().catch(() => {});
      const location = header('location');
      if (statusCode < 300 || statusCode > 399 || location === undefined) {
        throw new HostAnswerError(url, statusCode, header('retry-after'));
      }
      url = next(url, location);
    }
    throw new RedirectError(`${first.href} leads on and on`);
  }

  async #get(url: URL, range: Range | undefined, signal: AbortSignal) {
    try {
      return await request(url, {
        dispatcher: this.#dispatcher,
        headersTimeout: this.#timeoutMs,
        bodyTimeout: this.#timeoutMs,
        signal,
        headers: {
          'accept-encoding': 'identity',
          'user-agent': 'framebus',
          ...(range && { range: `bytes=${range.from}-` }),
          ...(range?.ifRange && { 'if-range': range.ifRange }),
        },
      });
    } catch (cause) {
      signal.throwIfAborted();
      throw new TransferError(`no answer from ${url.origin}: ${reason(cause)}`, { cause });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dispatcher.destroy();
  }
}

function next(from: URL, location: string): URL {
  const to = new URL(location, from);
  if (to.protocol !== from.protocol && to.protocol !== 'https:') {
    throw new RedirectError(`${from.href} leads to ${to.protocol}//${to.host}, which is not safe`);
  }
  return to;
}

function sha256In(tag: string | undefined): string | undefined {
  return /^(?:W\/)?"?([0-9a-f]{64})"?$/i.exec(tag ?? '')?.[1]?.toLowerCase();
}

function sizeIn(digits: string | undefined): number | undefined {
  return digits !== undefined && /^\d+$/.test(digits) ? Number(digits) : undefined;
}
