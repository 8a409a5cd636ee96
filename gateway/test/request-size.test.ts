import { once } from 'node:events';
import { request as ask, type IncomingMessage } from 'node:http';
import t from 'tap';
import {
  call,
  gatewayBefore,
  gatewayWith,
  llmKey,
  messageOf,
  textOf,
  told,
  Upstream,
  videoKey,
} from './kit.js';

const start = '/api/v1/video/start';
const mebibyte = 1_048_576;
const limit =
  '{ name: request-size-limiting, config: { allowed_payload_size: 8, size_unit: bytes } }';

t.test('the video API takes a body of 1 MiB and refuses one byte more', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  const post = (bytes: number) =>
    call(gateway, start, {
      method: 'POST',
      headers: { apikey: videoKey },
      body: Buffer.alloc(bytes, 'a'),
    });
  const taken = await post(mebibyte);
  t.equal(taken.status, 200);
  t.equal(told(taken).body.length, mebibyte);
  const refused = await post(mebibyte + 1);
  t.equal(refused.status, 413);
  t.equal(messageOf(refused), 'Request size limit exceeded');
  t.equal(upstream.requests.length, 1);
});

t.test('a chunked body is refused as soon as it is over 1 MiB', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  const request = ask({
    host: '127.0.0.1',
    port: gateway.port,
    path: start,
    method: 'POST',
    headers: { apikey: videoKey },
  });
  request.on('error', () => undefined);
  const replied = once(request, 'response');
  for (let i = 0; i < 17; i++) request.write(Buffer.alloc(65_536));
  const [response] = (await replied) as [IncomingMessage];
  t.equal(response.statusCode, 413, 'while the client has not ended its body');
  t.match(await textOf(response), 'Request size limit exceeded');
  t.equal(upstream.requests.length, 0);
  request.destroy();
});

t.test('a chunked body under the limit arrives whole', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  const reply = await call(gateway, start, {
    method: 'POST',
    headers: { apikey: videoKey },
    body: ['{"a":', '1}'],
  });
  t.equal(told(reply).body, '{"a":1}');
  t.equal(told(reply).headers['content-length'], '7');
  t.equal(told(reply).headers['transfer-encoding'], undefined);
});

t.test('LLM routes take more than 1 MiB and refuse more than 10', async (t) => {
  await using upstream = await Upstream.start((request, response) => {
    request.resume().on('end', () => response.end());
  });
  await using gateway = await gatewayBefore(upstream);
  for (const path of ['/v1/chat/completions', '/v2/chat/completions']) {
    const post = async (bytes: number) =>
      (
        await call(gateway, path, {
          method: 'POST',
          headers: { apikey: llmKey },
          body: Buffer.alloc(bytes),
        })
      ).status;
    t.equal(await post(2 * mebibyte), 200);
    t.equal(await post(10 * mebibyte + 1), 413);
  }
});

t.test('a client that waits for "100 Continue" is answered 417, or invited', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayWith(upstream, [limit]);
  const send = async (
    body: string,
  ): Promise<{ invited: boolean; status: number; text: string }> => {
    const request = ask({ host: '127.0.0.1', port: gateway.port, method: 'POST' });
    request.setHeader('Expect', '100-continue').setHeader('Content-Length', body.length);
    request.on('error', () => undefined).flushHeaders();
    let invited = false;
    request.on('continue', () => {
      invited = true;
      request.end(body);
    });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const text = await textOf(response);
    request.destroy();
    return { invited, status: response.statusCode ?? 0, text };
  };
  const refused = await send('123456789');
  t.equal(refused.invited, false);
  t.equal(refused.status, 417);
  t.match(refused.text, 'Request size limit exceeded');
  const taken = await send('12345678');
  t.equal(taken.invited, true);
  t.match(JSON.parse(taken.text), { body: '12345678', headers: { expect: undefined } });
});

t.test('a length can be demanded', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayWith(upstream, [
    '{ name: request-size-limiting, config: { require_content_length: true } }',
  ]);
  const reply = await call(gateway, '/');
  t.equal(reply.status, 411);
  t.equal(messageOf(reply), 'A valid Content-Length header is required');
  t.equal((await call(gateway, '/', { method: 'POST', body: 'a' })).status, 200);
});

t.test('a connection goes on after a refused body', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayWith(upstream, [limit]);
  const { Agent } = await import('node:http');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.teardown(() => agent.destroy());
  const post = async (body: string) => {
    const request = ask({ host: '127.0.0.1', port: gateway.port, method: 'POST', agent });
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await textOf(response);
    return response.statusCode;
  };
  t.equal(await post('a'.repeat(200_000)), 413);
  t.equal(await post('a'), 200);
});

t.test('401 beats 413, 413 beats 403, 403 beats 429', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayWith(upstream, [
    '{ name: rate-limiting, config: { hour: 1, limit_by: ip } }',
    '{ name: acl, config: { allow: [red] } }',
    limit,
    '{ name: key-auth }',
  ]);
  const status = async (apikey: string, bytes: number) =>
    (
      await call(gateway, '/', {
        method: 'POST',
        headers: { apikey },
        body: 'a'.repeat(bytes),
      })
    ).status;
  t.equal(await status('ann-key', 8), 200, 'takes the only call of the hour');
  t.equal(await status('wrong', 9), 401);
  t.equal(await status('bob-key', 9), 413);
  t.equal(await status('ann-key', 9), 413);
  t.equal(await status('bob-key', 8), 403);
  t.equal(await status('ann-key', 8), 429);
});
