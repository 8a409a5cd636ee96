import type { Test } from 'tap';
import { ask } from '../client.js';
import { ownAnswer } from '../kong.js';
import type { Options } from '../options.js';

/** HTTPS serves what HTTP serves. */
export function tls(t: Test, { tlsUrl, videoKey }: Options): void {
  t.test('HTTPS serves the same', { skip: tlsUrl === undefined && 'no --tls-url' }, async (t) => {
    if (tlsUrl === undefined) return;
    const sessions = '/api/v1/video/sessions';
    ownAnswer(t, await ask(tlsUrl, sessions), 401, 'No API key found in request');
    t.not((await ask(tlsUrl, sessions, { headers: { apikey: videoKey } })).status, 401);
    t.equal((await ask(tlsUrl, '/viewer.json')).status, 200);
  });
}
