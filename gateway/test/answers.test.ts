import t from 'tap';
import { call, gatewayWith, Upstream } from './kit.js';

const upstream = await Upstream.start();
const gateway = await gatewayWith(upstream, ['{ name: key-auth }']);
t.teardown(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

t.test('an answer of the gateway has the headers of Kong, and a body to the byte', async (t) => {
  const { status, headers, text } = await call(gateway, '/');
  t.equal(status, 401);
  t.equal(headers['content-type'], 'application/json; charset=utf-8');
  t.equal(headers.server, 'kong/3.9.3');
  t.match(headers['x-kong-response-latency'], /^\d+$/);
  t.match(headers['x-kong-request-id'], /^[0-9a-f]{32}$/);
  t.equal(headers.via, undefined);
  const id = headers['x-kong-request-id'];
  t.equal(text, `{\n  "message":"No API key found in request",\n  "request_id":"${id}"\n}`);
  t.equal(headers['content-length'], String(text.length));
});

const bodies = {
  'text/html; charset=utf-8': (id: string) =>
    '<!doctype html>\n<html>\n  <head>\n    <meta charset="utf-8">\n    <title>Error</title>\n' +
    '  </head>\n  <body>\n    <h1>Error</h1>\n    <p>No API key found in request.</p>\n' +
    `    <p>request_id: ${id}</p>\n  </body>\n</html>\n`,
  'application/xml; charset=utf-8': (id: string) =>
    '<?xml version="1.0" encoding="UTF-8"?>\n<error>\n' +
    `  <message>No API key found in request</message>\n  <requestid>${id}</requestid>\n</error>\n`,
  'text/plain; charset=utf-8': (id: string) => `No API key found in request\nrequest_id: ${id}\n`,
  'application/json; charset=utf-8': (id: string) =>
    `{\n  "message":"No API key found in request",\n  "request_id":"${id}"\n}`,
};

const accepted: readonly (readonly [accept: string, type: keyof typeof bodies])[] = [
  ['*/*', 'application/json; charset=utf-8'],
  ['application/json', 'application/json; charset=utf-8'],
  ['text/html', 'text/html; charset=utf-8'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html; charset=utf-8'],
  ['application/json;q=0.5, application/xml;q=0.6', 'application/xml; charset=utf-8'],
  ['text/html;q=0.1, text/plain;q=0.2', 'text/plain; charset=utf-8'],
  ['text/*', 'text/plain; charset=utf-8'],
  ['text/html;q=0, text/plain;q=0.001', 'text/plain; charset=utf-8'],
  ['TEXT/HTML', 'text/html; charset=utf-8'],
  ['image/png', 'application/json; charset=utf-8'],
  ['nonsense', 'application/json; charset=utf-8'],
];
for (const [accept, type] of accepted) {
  t.test(`"Accept: ${accept}" gets ${type}`, async (t) => {
    const { headers, text } = await call(gateway, '/', { headers: { Accept: accept } });
    t.equal(headers['content-type'], type);
    t.equal(text, bodies[type](String(headers['x-kong-request-id'])));
  });
}

t.test('HEAD gets the headers alone', async (t) => {
  const { status, headers, text } = await call(gateway, '/', { method: 'HEAD' });
  t.equal(status, 401);
  t.ok(Number(headers['content-length']) > 0);
  t.equal(text, '');
});
