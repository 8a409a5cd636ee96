import { CameraError, cameraErrorOf } from '../camera-error.js';
import { Authorization } from './auth.js';
import type { RtspConnection } from './connection.js';
import { type RtspMessage, statusOf } from './message.js';

/** Asks one camera over one connection, with the login of its URL once it wants one. Redirects are not followed. */
export class Dialogue {
  readonly #connection: RtspConnection;
  readonly #authorization: Authorization;

  constructor(connection: RtspConnection, url: URL) {
    this.#connection = connection;
    this.#authorization = new Authorization(credentialsOf(url));
  }

  /** @throws CameraError on a refusal or redirect, unless `tolerant` and it is not about the login or the session */
  async ask(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>>,
    tolerant = false,
  ): Promise<RtspMessage> {
    for (let tries = 0; ; tries += 1) {
      const all = this.headers(method, url, headers);
      const answer = await this.#connection.request(method, url, all);
      const status = statusOf(answer) ?? 0;
      if (status >= 200 && status < 300) return answer;
      const challenges = answer.headers.get('www-authenticate') ?? [];
      const again = status === 401 && this.#authorization.challenge(challenges, tries > 0);
      if (again && tries < 2) continue;
      if (tolerant && status >= 400 && ![401, 403, 454].includes(status)) return answer;
      throw refusal(method, status, answer);
    }
  }

  /** `headers`, and the login where the camera asked for one. */
  headers(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>>,
  ): Readonly<Record<string, string>> {
    const authorization = this.#authorization.header(method, url);
    return authorization === undefined ? headers : { ...headers, Authorization: authorization };
  }
}

/** The first value of a header, its name in lower case. */
export function headerOf(message: RtspMessage, name: string): string | undefined {
  return message.headers.get(name)?.[0];
}

/** What relative control URLs of a DESCRIBE's answer go on from. */
export function baseOf(described: RtspMessage, url: string): string {
  const named = [headerOf(described, 'content-base'), headerOf(described, 'content-location')];
  return named.find((base) => base !== undefined && /^rtsps?:\/\/[\x21-\x7e]+$/i.test(base)) ?? url;
}

function credentialsOf({ username, password }: URL) {
  if (username === '' && password === '') return undefined;
  return { user: decoded(username), password: decoded(password) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refusal(method: string, status: number, { startLine }: RtspMessage): CameraError {
  if (status === 401 || status === 403) return cameraErrorOf('401 Unauthorized');
  if (status === 404) return cameraErrorOf('404 Not Found');
  if (status >= 300 && status < 400) {
    const message = `camera sends us elsewhere (${status}), where we do not follow`;
    return new CameraError('CAMERA_REDIRECTS', message, { status });
  }
  const said = startLine.replace(/[^\x20-\x7e]/g, '?').slice(9, 109);
  return new CameraError('CAMERA_FAILED', `camera answers ${method} with ${said}`, {
    ...{ why: 'answer', method, said },
  });
}
