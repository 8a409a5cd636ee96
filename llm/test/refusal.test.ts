import t from 'tap';
import { hello, post, startServer } from './server.js';

const llm = await startServer({ LLM_BODY_LIMIT_BYTES: '2048' });
t.teardown(() => llm[Symbol.asyncDispose]());

const refused = async (response: Promise<Response>) => {
  const { status, headers } = await response;
  return { status, allow: headers.get('allow'), ...((await (await response).json()) as object) };
};

t.test('a body that is not sent as JSON is refused with 415', async (t) => {
  const headers = { 'content-type': 'text/plain' };
  t.match(await refused(post(llm, hello, { headers })), {
    status: 415,
    error: {
      message: /'text\/plain'. Expected 'application\/json'/,
      type: 'invalid_request_error',
      param: null,
      code: 'unsupported_media_type',
    },
  });
});

t.test('a body larger than the limit is refused with 413, and the server goes on', async (t) => {
  const messages = [{ role: 'user', content: 'x'.repeat(4096) }];
  t.match(await refused(post(llm, { ...hello, messages })), {
    status: 413,
    error: { message: /At most 2048 bytes/, param: null, code: 'body_too_large' },
  });
  t.equal((await post(llm, hello)).status, 200);
});

t.test('an unknown path is refused with 404 and without its query', async (t) => {
  t.match(await refused(fetch(`${llm.url}/v1/nowhere?apikey=s3cret`)), {
    status: 404,
    error: { message: 'Invalid URL (GET /v1/nowhere).', param: null, code: 'unknown_url' },
  });
});

t.test('a path that does not decode is refused with 400', async (t) => {
  t.match(await refused(fetch(`${llm.url}/v1/models/%zz`)), {
    status: 400,
    error: { type: 'invalid_request_error', code: 'invalid_request' },
  });
});

t.test('another method is refused with 405 and the right one', async (t) => {
  t.match(await refused(fetch(`${llm.url}/v1/chat/completions`)), {
    status: 405,
    allow: 'POST',
    error: { message: /GET on .+ Expected POST/, code: 'method_not_supported' },
  });
});

t.test('healthz says ok', async (t) => {
  const response = await fetch(`${llm.url}/healthz`);
  t.equal(response.status, 200);
  t.strictSame(await response.json(), { status: 'ok' });
});
