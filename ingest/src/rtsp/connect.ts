import type { LookupAddress } from 'node:dns';
import { readFile } from 'node:fs/promises';
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
 * Certificates of rtsps are checked where authorities are set; by default they are not, as ffmpeg does not:
 * cameras sign their own.
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
    const ca = url.protocol === 'rtsps:' ? await authorities(cameras.tlsCa) : undefined;
    socket = dial(url, port, addresses, ca);
    socket.on('error', giveUp);
    await Promise.race([opened(socket, url), givenUp]);
    socket.off('error', giveUp);
    return socket;
  } catch (error) {
    socket?.destroy();
    if (error instanceof CameraError || signal.aborted) throw error;
    throw (
      certificateError(error as NodeJS.ErrnoException) ?? cameraErrorOf(wordsOf(error as Error))
    );
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
  }
}

/** Read anew each time, so that a new file is taken without a restart. */
async function authorities(file: string): Promise<Buffer | undefined> {
  if (file === '') return undefined;
  return readFile(file).catch((cause: NodeJS.ErrnoException) => {
    const details = { why: 'authorities', said: cause.code ?? '' };
    const message = `STREAM_TLS_CA cannot be read (${cause.code})`;
    throw new CameraError('CAMERA_TLS', message, details, { cause });
  });
}

function dial(
  url: URL,
  port: number,
  addresses: readonly LookupAddress[],
  ca: Buffer | undefined,
): Socket {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const lookup: LookupFunction = (_host, { all }, found) => {
    const [first] = addresses;
    if (all) found(null, [...addresses]);
    else found(null, first?.address ?? '', first?.family);
  };
  if (url.protocol !== 'rtsps:') return connectTcp({ host, port, lookup });
  const name = isIPv6(host) || /^[\d.]+$/.test(host) ? {} : { servername: host };
  if (ca === undefined)
    return connectTls({ host, port, lookup, rejectUnauthorized: false, ...name });
  return connectTls({ host, port, lookup, ca, ...name });
}

function opened(socket: Socket, url: URL): Promise<void> {
  const event = url.protocol === 'rtsps:' ? 'secureConnect' : 'connect';
  return new Promise((resolve) => socket.once(event, resolve));
}

const untrusted = new Set([
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ...['SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_SIGNATURE_FAILURE'],
]);

function certificateError(error: NodeJS.ErrnoException): CameraError | undefined {
  const code = error.code ?? '';
  if (untrusted.has(code)) {
    const message = 'certificate of the camera is not signed by an authority of STREAM_TLS_CA';
    return new CameraError('CAMERA_TLS', message, { why: 'untrusted' }, { cause: error });
  }
  // The words may have names of the certificate in them.
  const words = error.message.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
  if (!/^CERT_|^ERR_TLS_CERT_/.test(code)) return undefined;
  return new CameraError('CAMERA_TLS', `certificate of the camera is not valid: ${words}`, {
    ...{ why: 'certificate', said: words },
  });
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
