import type { LookupAddress } from 'node:dns';
import { connect as connectTcp, isIPv6, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { AllowedCameras } from '../allowed-cameras.js';
import { CameraError, cameraErrorOf } from '../camera-error.js';

export interface ConnectOptions {
  /** ms for connecting, and for each answer. */
  readonly timeoutMs: number;
  /** Where cameras may be. */
  readonly cameras: AllowedCameras;
}

/**
 * Connects to the host of a URL, at an address that was found to be allowed: its name is looked up only once.
 * Certificates of rtsps are not checked, as ffmpeg does not by default: cameras sign their own.
 * @throws CameraError, and Error once `signal` is aborted
 */
export async function connectCamera(
  url: URL,
  { timeoutMs, cameras }: ConnectOptions,
  signal: AbortSignal,
): Promise<Socket> {
  let giveUp: (error: Error) => void = () => {};
  const givenUp = new Promise<never>((_resolve, reject) => {
    giveUp = reject;
  });
  const late = setTimeout(() => giveUp(cameraErrorOf('timed out')), timeoutMs);
  const stop = () => giveUp(new Error('aborted'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  let socket: Socket | undefined;
  try {
    const { port, addresses } = await Promise.race([cameras.find(url), givenUp]);
    socket = dial(url, port, addresses);
    socket.on('error', giveUp);
    await Promise.race([opened(socket, url), givenUp]);
    socket.off('error', giveUp);
    return socket;
  } catch (error) {
    socket?.destroy();
    if (error instanceof CameraError || signal.aborted) throw error;
    throw cameraErrorOf(wordsOf(error as NodeJS.ErrnoException));
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
  }
}

function dial(url: URL, port: number, addresses: readonly LookupAddress[]): Socket {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const lookup: LookupFunction = (_host, { all }, found) => {
    const [first] = addresses;
    if (all) found(null, [...addresses]);
    else found(null, first?.address ?? '', first?.family);
  };
  if (url.protocol !== 'rtsps:') return connectTcp({ host, port, lookup });
  const name = isIPv6(host) || /^[\d.]+$/.test(host) ? {} : { servername: host };
  return connectTls({ host, port, lookup, rejectUnauthorized: false, ...name });
}

function opened(socket: Socket, url: URL): Promise<void> {
  const event = url.protocol === 'rtsps:' ? 'secureConnect' : 'connect';
  return new Promise((resolve) => socket.once(event, resolve));
}

/** ffmpeg's words for what went wrong with a socket, which `cameraErrorOf` knows. */
export function wordsOf(error: NodeJS.ErrnoException): string {
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'Connection refused',
    ENOTFOUND: 'Name or service not known',
    EAI_AGAIN: 'Name or service not known',
    EHOSTUNREACH: 'No route to host',
    ENETUNREACH: 'Network is unreachable',
    ETIMEDOUT: 'timed out',
    ECONNRESET: '',
    EPIPE: '',
  };
  const code = error.code ?? '';
  return words[code] ?? (/SSL|TLS|EPROTO/.test(code) ? 'TLS' : error.message);
}
