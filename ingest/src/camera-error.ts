import type { Reason, ReasonDetails } from '@framebus/contract';
import { redact } from './stream-url.js';

/** Why a camera could not be read, or no longer. Message and details are for people and show no credentials. */
export class CameraError extends Error implements Reason {
  override readonly name = 'CameraError';
  readonly code: string;
  readonly details: ReasonDetails;

  constructor(code: string, message: string, details: ReasonDetails = {}, options?: ErrorOptions) {
    super(redact(message), options);
    this.code = code;
    this.details = Object.fromEntries(
      Object.entries(details).map(([name, value]) => [
        name,
        typeof value === 'string' ? redact(value) : value,
      ]),
    );
  }
}

/** ffmpeg's words, looked for in this order. */
const causes: readonly (readonly [RegExp, code: string, message: string])[] = [
  [
    /401 Unauthorized|403 Forbidden|authorization failed/i,
    'CAMERA_UNAUTHORISED',
    'camera refuses the user or password (401 unauthorised)',
  ],
  [
    /404 Not Found|Server returned 404/i,
    'CAMERA_NOT_FOUND',
    'camera has no such stream (404 not found)',
  ],
  [/Connection refused/i, 'CAMERA_REFUSED', 'nothing listens there (connection refused)'],
  [/resolve hostname|Name or service not known/i, 'CAMERA_HOST_UNKNOWN', 'host name is not known'],
  [/No route to host|Network is unreachable/i, 'CAMERA_UNREACHABLE', 'host cannot be reached'],
  [/timed out/i, 'CAMERA_TIMEOUT', 'camera does not answer (timeout)'],
  [/matches no streams|does not contain any stream/i, 'CAMERA_NO_VIDEO', 'stream has no video'],
  [/\btls\b|certificate|handshake/i, 'CAMERA_TLS', 'no TLS connection with the camera'],
  [/Cannot find ffmpeg|ENOENT/, 'FFMPEG_MISSING', 'ffmpeg was not found'],
];

/** What the end of an ffmpeg run means. `text`: its standard error, or the reason why it did not start. */
export function cameraErrorOf(text: string): CameraError {
  for (const [pattern, code, message] of causes) {
    if (pattern.test(text)) return new CameraError(code, message);
  }
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  const last = lines.at(-1)?.slice(0, 300);
  if (last === undefined) return new CameraError('CAMERA_ENDED', 'camera ended the stream');
  return new CameraError('CAMERA_FAILED', `ffmpeg: ${last}`, { why: 'ffmpeg', said: last });
}
