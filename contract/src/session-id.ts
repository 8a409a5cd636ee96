import { randomBytes } from 'node:crypto';

/** 1 to 64 of `A-Z a-z 0-9 _ -`: one token of a NATS subject and one key of a KV bucket. */
export const sessionIdPattern = '^[A-Za-z0-9_-]{1,64}$';
const pattern = new RegExp(sessionIdPattern);

export function isSessionId(text: string): boolean {
  return pattern.test(text);
}

/** A session id that no one else has: 12 random hex digits. */
export function newSessionId(): string {
  return randomBytes(6).toString('hex');
}
