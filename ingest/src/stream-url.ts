import { BadRequestError, StreamHostError } from './errors.js';

const expected = 'rtsp://host[:port]/path or rtsps://…, with user:password@ if the camera asks';
const hostPattern = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$/;
const secretParameter =
  /([?&](?:user|usr|login|pass|pwd|pw|token|auth|key|secret)[^=&#]*=)[^&#\s]*/gi;

/**
 * Checks the URL of a camera. `allowedHosts` empty: any host.
 * @throws BadRequestError when it is no RTSP URL, StreamHostError when the host is not allowed
 */
export function checkStreamUrl(text: string, allowedHosts: readonly string[]): void {
  // ffmpeg gets the text as it is, so nothing that another parser could read in another way is let through.
  if (!/^rtsps?:\/\/[\x21-\x5b\x5d-\x7e]+$/i.test(text) || !URL.canParse(text)) {
    throw new BadRequestError('stream_url', expected);
  }
  const { hostname } = new URL(text);
  if (!hostPattern.test(hostname)) throw new BadRequestError('stream_url', expected);
  const host = hostname.toLowerCase();
  if (allowedHosts.length > 0 && !allowedHosts.some((allowed) => allowed.toLowerCase() === host)) {
    throw new StreamHostError(host);
  }
}

/** Text in which no RTSP URL shows credentials: `user:password@` and parameters such as `password=` become `***`. */
export function redact(text: string): string {
  return text
    .replace(/(rtsps?:\/\/)[^\s/?#]*@/gi, '$1***@')
    .replace(/rtsps?:\/\/\S+/gi, (url) => url.replace(secretParameter, '$1***'));
}
