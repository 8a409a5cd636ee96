import type { Test } from 'tap';
import { ask } from '../client.js';
import { ownAnswer, parsed } from '../kong.js';
import type { Options } from '../options.js';

interface KeyedRoute {
  readonly method: string;
  readonly path: string;
  readonly group: 'video' | 'llm';
  readonly body?: string;
  /** What the service answers to a caller with the right key; undefined: it may be down. */
  readonly status?: number;
  readonly service: 'ingest' | 'fanout' | 'llm' | 'vllm';
}

const unknown = '{"session_id":"no-such-session"}';
const hello = '{"model":"mock-llm","messages":[{"role":"user","content":"hi"}]}';
const sessions = '/api/v1/video/sessions';
const video = { group: 'video', service: 'ingest' } as const;
const llm = { group: 'llm', service: 'llm' } as const;

const keyed: readonly KeyedRoute[] = [
  { ...video, method: 'GET', path: sessions, status: 200 },
  { ...video, method: 'GET', path: `${sessions}/no-such-session`, status: 404 },
  { ...video, method: 'POST', path: '/api/v1/video/start', body: '{}', status: 400 },
  { ...video, method: 'POST', path: '/api/v1/video/stop', body: unknown, status: 404 },
  { ...video, service: 'fanout', method: 'GET', path: '/ws/stream/conformance', status: 426 },
  { ...video, service: 'fanout', method: 'GET', path: '/ws/webrtc', status: 200 },
  { ...llm, method: 'POST', path: '/v1/chat/completions', body: hello, status: 200 },
  { ...llm, method: 'GET', path: '/v1/models', status: 200 },
  { ...llm, service: 'vllm', method: 'POST', path: '/v2/chat/completions', body: '{}' },
];

const open = [
  { path: '/api/v1/video/health', type: /json/, service: 'ingest' },
  { path: '/openapi.json', type: /json/, service: 'ingest' },
  { path: '/', type: /html/, service: 'fanout' },
  { path: '/page.css', type: /css/, service: 'fanout' },
  { path: '/viewer.json', type: /json/, service: 'fanout' },
  { path: '/healthz', type: /json/, service: 'llm' },
];

const nowhere = [
  ...['/nothing', '/metrics', '/readyz', '/services', '/config', '/consumers', '/key-auths'],
  ...['/v1/embeddings', '/v1/completions', '/v10/chat/completions'],
  ...[
    '/v2',
    '/v2/',
    '/v2/models',
    '/v2/completions',
    '/v2/invocations',
    '/v2/pause',
    '/v2/metrics',
  ],
  ...['/v2/chat/completions/', '/v2/chat/completions/../../invocations'],
];

const around = [
  '/api/v1/video/health/../sessions',
  '/api/v1/video/health/%2e%2e/sessions',
  '//api//v1/video/sessions',
  '/vendor/../api/v1/video/sessions',
  '/%61pi/v1/video/sessions',
];

/** Which key opens what. */
export function routes(t: Test, { url, videoKey, llmKey, down }: Options): void {
  for (const { method, path, group, body, status, service } of keyed) {
    const [own, other] = group === 'video' ? [videoKey, llmKey] : [llmKey, videoKey];
    const with_ = (more: Record<string, string | string[]>) => ({
      method,
      ...(body === undefined ? {} : { body }),
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...more },
    });
    t.test(`${method} ${path} without a key: 401`, async (t) => {
      const reply = await ask(url, path, with_({}));
      ownAnswer(t, reply, 401, 'No API key found in request');
      t.match(reply.headers['www-authenticate'], /^Key\b/, 'WWW-Authenticate: Key');
    });
    t.test(`${method} ${path} with a wrong key: 401`, async (t) => {
      const reply = await ask(url, path, with_({ apikey: `${own}x` }));
      ownAnswer(t, reply, 401, 'Unauthorized');
      t.match(reply.headers['www-authenticate'], /^Key\b/, 'WWW-Authenticate: Key');
    });
    t.test(`${method} ${path} with the other group's key: 403`, async (t) => {
      ownAnswer(
        t,
        await ask(url, path, with_({ apikey: other })),
        403,
        'You cannot consume this service',
      );
    });
    t.test(`${method} ${path} with its key reaches ${service}`, async (t) => {
      const reply = await ask(url, path, with_({ apikey: own }));
      t.notOk([401, 403].includes(reply.status), `not refused (${reply.status})`);
      t.not(parsed(reply.text).message, 'no Route matched with those values');
      if (status !== undefined && !down.includes(service)) t.equal(reply.status, status);
    });
  }
  for (const { path, type, service } of open) {
    t.test(
      `${path} needs no key`,
      { skip: down.includes(service) && `${service} is down` },
      async (t) => {
        const reply = await ask(url, path);
        t.equal(reply.status, 200);
        t.match(reply.headers['content-type'], type);
      },
    );
  }
  t.test('a key twice: 401', async (t) => {
    const reply = await ask(url, sessions, { headers: { apikey: [videoKey, videoKey] } });
    ownAnswer(t, reply, 401, 'Duplicate API key found');
  });
  t.test('a key is taken from the query too', async (t) => {
    t.not((await ask(url, `${sessions}?apikey=${videoKey}`)).status, 401);
  });
  t.test('the LLM key is taken as a bearer token, the video key is not', async (t) => {
    const models = (key: string) =>
      ask(url, '/v1/models', { headers: { Authorization: `Bearer ${key}` } });
    t.notOk([401, 403].includes((await models(llmKey)).status));
    t.equal((await models(videoKey)).status, 401);
  });
  for (const path of nowhere) {
    t.test(`${path}: 404`, async (t) => {
      const reply = await ask(url, path, { headers: { apikey: llmKey } });
      ownAnswer(t, reply, 404, 'no Route matched with those values');
    });
  }
  t.test('dots, doubled slashes and encoded letters do not lead around a key', async (t) => {
    for (const path of around) t.equal((await ask(url, path)).status, 401, path);
  });
}
