import { createHash, randomBytes } from 'node:crypto';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** A longer header is passed over: no camera needs one, and it would take long to search. */
const maxChallengeLength = 2_048;
const hashes: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-256': 'sha256' };

/** Answers the challenges of one camera: Digest (RFC 2617, RFC 7616; qop auth or none) before Basic. */
export class Authorization {
  readonly #credentials: Credentials | undefined;
  readonly #newNonce: () => string;
  #challenge: Challenge | undefined;
  #uses = 0;

  /** @param credentials undefined: no challenge can be answered */
  constructor(
    credentials: Credentials | undefined,
    newNonce = () => randomBytes(8).toString('hex'),
  ) {
    this.#credentials = credentials;
    this.#newNonce = newNonce;
  }

  /**
   * Takes the `WWW-Authenticate` headers of a 401. Returns whether to try again: not when the answer to
   * the last challenge was refused, unless only its nonce was too old.
   */
  challenge(headers: readonly string[], triedBefore: boolean): boolean {
    if (this.#credentials === undefined) return false;
    const short = headers.filter((header) => header.length <= maxChallengeLength);
    const challenges = short.flatMap(parseChallenges).filter(isKnown);
    const found = challenges.find(({ scheme }) => scheme === 'digest') ?? challenges[0];
    this.#challenge = found;
    this.#uses = 0;
    return found !== undefined && (!triedBefore || isStale(found));
  }

  /** The `Authorization` header; undefined while the camera asks for none. */
  header(method: string, uri: string): string | undefined {
    const { user, password } = this.#credentials ?? { user: '', password: '' };
    if (this.#challenge === undefined) return undefined;
    if (this.#challenge.scheme === 'basic') {
      return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    }
    const { parameters } = this.#challenge;
    const asked = (name: string) => parameters.get(name) ?? '';
    const algorithm = hashes[asked('algorithm').toUpperCase()] ?? 'md5';
    const hash = (text: string) => createHash(algorithm).update(text).digest('hex');
    const secret = hash(`${user}:${asked('realm')}:${password}`);
    const request = hash(`${method}:${uri}`);
    const fields = [
      ...['username', user, 'realm', asked('realm'), 'nonce', asked('nonce'), 'uri', uri],
    ];
    const bare: string[] = [];
    let middle = asked('nonce');
    if (offersQop(this.#challenge)) {
      this.#uses += 1;
      const count = this.#uses.toString(16).padStart(8, '0');
      const own = this.#newNonce();
      middle += `:${count}:${own}:auth`;
      bare.push(`qop=auth`, `nc=${count}`);
      fields.push('cnonce', own);
    }
    fields.push('response', hash(`${secret}:${middle}:${request}`));
    if (parameters.has('opaque')) fields.push('opaque', asked('opaque'));
    if (parameters.has('algorithm')) bare.push(`algorithm=${asked('algorithm')}`);
    const quoted: string[] = [];
    for (let at = 0; at < fields.length; at += 2) {
      quoted.push(`${fields[at]}="${fields[at + 1]?.replace(/[\\"]/g, '\\$&')}"`);
    }
    return `Digest ${[...quoted, ...bare].join(', ')}`;
  }
}

function parseChallenges(header: string): Challenge[] {
  return header.split(/,\s*(?=(?:Basic|Digest)\s)/i).map((part) => {
    const [, scheme = '', rest = ''] = /^\s*([\w-]+)\s*(.*)$/.exec(part) ?? [];
    const parameters = new Map<string, string>();
    for (const [, name = '', quoted, bare] of rest.matchAll(
      /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g,
    )) {
      parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '');
    }
    return { scheme: scheme.toLowerCase(), parameters };
  });
}

function isKnown({ scheme, parameters }: Challenge): boolean {
  if (scheme === 'basic') return true;
  const algorithm = parameters.get('algorithm')?.toUpperCase() ?? 'MD5';
  return scheme === 'digest' && parameters.has('nonce') && algorithm in hashes;
}

function isStale({ parameters }: Challenge): boolean {
  return parameters.get('stale')?.toLowerCase() === 'true';
}

function offersQop({ parameters }: Challenge): boolean {
  return /(?:^|[\s,])auth(?:[\s,]|$)/.test(parameters.get('qop') ?? '');
}
