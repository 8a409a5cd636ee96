import type { AllowedCameras } from './allowed-cameras.js';
import { BadRequestError } from './errors.js';

const expected = 'rtsp://host[:port]/path or rtsps://…, with user:password@ if the camera asks';
const hostPattern = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$/;
const secretParameter =
  /([?&](?:user|usr|login|pass|pwd|pw|token|auth|key|secret)[^=&#]*=)[^&#\s]*/gi;

/**
 * The URL of a camera, as it was asked for.
 * @throws BadRequestError when it is no RTSP URL, StreamHostError or StreamNotAllowedError when it is not allowed
 */
export function checkStreamUrl(text: string, cameras: AllowedCameras): void {
  // Nothing that another parser could read in another way is let through.
  if (!/^rtsps?:\/\/[\x21-\x5b\x5d-\x7e]+$/i.test(text) || !URL.canParse(text)) {
    throw new BadRequestError('stream_url', expected);
  }
  const url = new URL(text);
  if (!hostPattern.test(url.hostname)) throw new BadRequestError('stream_url', expected);
  cameras.check(url);
}

/** Text in which no RTSP URL shows credentials: `user:password@` and parameters such as `password=` become `***`. */
export function redact(text: string): string {
  return text
    .replace(/(rtsps?:\/\/)[^\s/?#]*@/gi, '$1***@')
    .replace(/rtsps?:\/\/\S+/gi, (url) => url.replace(secretParameter, '$1***'));
}
