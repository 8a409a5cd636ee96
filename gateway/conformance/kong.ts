import type { Test } from 'tap';
import type { Reply } from './client.js';

/** Major and minor version of the Kong that made an answer, such as 3.09 for 3.9; 0: none says so. */
export function kongVersion({ headers }: Reply): number {
  const [, major, minor] = /kong\/(\d+)\.(\d+)/.exec(String(headers.server)) ?? [];
  return major === undefined ? 0 : Number(major) + Number(minor) / 100;
}

/**
 * Checks an answer that the gateway made itself, and says where a version words it in another way:
 * before 3.5 there is no request id, and up to 3.5 a wrong key has other words.
 */
export function ownAnswer(t: Test, reply: Reply, status: number, message: string): void {
  t.equal(reply.status, status, `status ${status}`);
  const version = kongVersion(reply);
  t.ok(version > 0, `Server: ${reply.headers.server}`);
  t.match(reply.headers['content-type'], /^application\/json; charset=utf-8$/i, 'JSON');
  const body = parsed(reply.text);
  t.equal(body.message, worded(message, version), `message "${worded(message, version)}"`);
  if (version < 3.05) {
    t.comment(`kong ${version}: bodies have no request_id`);
    return;
  }
  const id = reply.headers['x-kong-request-id'];
  t.match(id, /^[\da-f]{32}$/, 'X-Kong-Request-Id');
  t.equal(body.request_id, id, 'request_id is X-Kong-Request-Id');
}

/** Parses JSON; what is none is an empty object, and every check of it fails. */
export function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function worded(message: string, version: number): string {
  const older = version > 0 && version < 3.06 && message === 'Unauthorized';
  return older ? 'Invalid authentication credentials' : message;
}
