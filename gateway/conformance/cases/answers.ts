import type { Test } from 'tap';
import { ask } from '../client.js';
import { kongVersion, ownAnswer } from '../kong.js';
import type { Options } from '../options.js';

const types = [
  { accept: '*/*', type: /^application\/json/, has: '"message":' },
  { accept: 'application/json', type: /^application\/json/, has: '"message":' },
  { accept: 'text/html', type: /^text\/html/, has: '<p>No API key found in request.</p>' },
  { accept: 'application/xml', type: /^application\/xml/, has: '<message>No API key found' },
  { accept: 'text/plain', type: /^text\/plain/, has: 'No API key found in request\n' },
];

const sessions = '/api/v1/video/sessions';

/** Headers and bodies of what the gateway and the services answer. */
export function answers(t: Test, { url, videoKey }: Options): void {
  t.test('an answer of the gateway says that it is one', async (t) => {
    const reply = await ask(url, sessions);
    t.comment(`Server: ${reply.headers.server}`);
    t.ok(kongVersion(reply) > 0, 'Server: kong/…');
    t.match(reply.headers['x-kong-response-latency'], /^\d+$/);
    t.equal(reply.headers.via, undefined);
    t.equal(reply.headers['content-length'], String(Buffer.byteLength(reply.text)));
  });
  for (const { accept, type, has } of types) {
    t.test(`an error for Accept: ${accept}`, async (t) => {
      const reply = await ask(url, sessions, { headers: { Accept: accept } });
      t.equal(reply.status, 401);
      t.match(reply.headers['content-type'], type);
      t.match(reply.text, has);
    });
  }
  t.test("a service's answer says who passed it on", async (t) => {
    const reply = await ask(url, '/viewer.json');
    t.match(reply.headers.via, /(^|, )1\.1 kong\/\d+\.\d+/);
    t.match(reply.headers['x-kong-upstream-latency'], /^\d+$/);
    t.match(reply.headers['x-kong-proxy-latency'], /^\d+$/);
    t.equal(reply.headers['x-kong-response-latency'], undefined);
  });
  t.test('each request has an id, which the caller may choose', async (t) => {
    const ids = new Set<unknown>();
    for (const path of ['/viewer.json', '/healthz', sessions]) {
      ids.add((await ask(url, path)).headers['x-request-id']);
    }
    t.equal(ids.size, 3, 'each another');
    for (const id of ids) t.match(id, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    const chosen = await ask(url, sessions, { headers: { 'X-Request-ID': 'mine-1' } });
    t.equal(chosen.headers['x-request-id'], 'mine-1');
  });
  t.test('a path in another case or with an unknown method is no way in', async (t) => {
    t.equal((await ask(url, '/API/v1/video/sessions')).status, 404);
    const reply = await ask(url, sessions, { method: 'PATCH' });
    ownAnswer(t, reply, 401, 'No API key found in request');
  });
  t.test('bodies over the limit: 413, whole or in pieces; under it they pass', async (t) => {
    const start = (body: string | readonly string[]) =>
      ask(url, '/api/v1/video/start', {
        ...{ method: 'POST', body },
        headers: { apikey: videoKey, 'Content-Type': 'application/json' },
      });
    const mebibyte = 'x'.repeat(1_048_576);
    ownAnswer(t, await start(`${mebibyte}x`), 413, 'Request size limit exceeded');
    ownAnswer(t, await start([mebibyte, 'x']), 413, 'Request size limit exceeded');
    t.not((await start('x'.repeat(100_000))).status, 413);
  });
}
