import t from 'tap';
import { hello, post, startServer } from './server.js';

const llm = await startServer({ LLM_BODY_LIMIT_BYTES: '2048' });
t.teardown(() => llm[Symbol.asyncDispose]());

const refusals: readonly [sent: unknown, code: string, param: string | null, message: RegExp][] = [
  [{ messages: [] }, 'missing_required_parameter', 'model', /'model'/],
  [{ model: 'm' }, 'missing_required_parameter', 'messages', /'messages'/],
  [{ ...hello, model: 5 }, 'invalid_type', 'model', /a string, but got an integer/],
  [{ ...hello, model: '' }, 'empty_string', 'model', /at least one character/],
  [{ ...hello, messages: 'hi' }, 'invalid_type', 'messages', /an array, but got a string/],
  [{ ...hello, messages: [5] }, 'invalid_type', 'messages[0]', /an object, but got an integer/],
  [{ ...hello, messages: [{}] }, 'missing_required_parameter', 'messages[0].role', /role/],
  [{ ...hello, messages: [{ role: 'me' }] }, 'invalid_value', 'messages[0].role', /"me".+'user'/],
  [
    { ...hello, messages: [{ role: 'user' }] },
    'missing_required_parameter',
    'messages[0].content',
    /content/,
  ],
  [
    { ...hello, messages: [{ role: 'user', content: null }] },
    'invalid_type',
    'messages[0].content',
    /a string or an array, but got nothing/,
  ],
  [
    { ...hello, messages: [{ role: 'user', content: [{ type: 'smell' }] }] },
    'invalid_value',
    'messages[0].content[0].type',
    /"smell".+'image_url'/,
  ],
  [
    { ...hello, messages: [{ role: 'user', content: [{ type: 'text' }] }] },
    'missing_required_parameter',
    'messages[0].content[0].text',
    /text/,
  ],
  [{ ...hello, stream: 'yes' }, 'invalid_type', 'stream', /a boolean, but got a string/],
  [{ ...hello, stream_options: {} }, 'invalid_value', 'stream_options', /'stream' is true/],
  [{ ...hello, n: 2 }, 'integer_above_max_value', 'n', /<= 1, but got 2/],
  [{ ...hello, max_tokens: 0 }, 'integer_below_min_value', 'max_tokens', />= 1, but got 0/],
  [{ ...hello, max_completion_tokens: 1.5 }, 'invalid_type', 'max_completion_tokens', /a decimal/],
  [{ ...hello, temperature: -1 }, 'decimal_below_min_value', 'temperature', />= 0/],
  [{ ...hello, temperature: 2.1 }, 'decimal_above_max_value', 'temperature', /<= 2/],
  [{ ...hello, top_p: 1.1 }, 'decimal_above_max_value', 'top_p', /<= 1/],
  [{ ...hello, presence_penalty: -3 }, 'decimal_below_min_value', 'presence_penalty', />= -2/],
  [{ ...hello, frequency_penalty: 3 }, 'decimal_above_max_value', 'frequency_penalty', /<= 2/],
  [{ ...hello, stop: ['1', '2', '3', '4', '5'] }, 'array_above_max_length', 'stop', /at most 4/],
  [{ ...hello, stop: '' }, 'empty_string', 'stop', /at least one/],
  [{ ...hello, ttft_ms: -1 }, 'integer_below_min_value', 'ttft_ms', />= 0/],
  [{ ...hello, ttft_ms: 600_001 }, 'integer_above_max_value', 'ttft_ms', /<= 600000/],
  [{ ...hello, ttft_ms: '5' }, 'invalid_type', 'ttft_ms', /an integer, but got a string/],
  [
    { ...hello, tokens_per_second: 0 },
    'decimal_below_min_value',
    'tokens_per_second',
    />= 0.01, but got 0/,
  ],
  [[], 'invalid_type', null, /an object, but got an array/],
  ['null', 'invalid_type', null, /an object, but got nothing/],
  ['{"model"', 'invalid_json', null, /not valid JSON/],
  ['', 'invalid_json', null, /empty/],
];

for (const [sent, code, param, message] of refusals) {
  const shown = (typeof sent === 'string' ? sent : JSON.stringify(sent)).slice(0, 100);
  t.test(`refuses ${shown} as ${code}`, async (t) => {
    const response = await post(llm, sent);
    t.equal(response.status, 400);
    t.match(response.headers.get('content-type'), /^application\/json/);
    const body = (await response.json()) as object;
    t.strictSame(Object.keys(body), ['error']);
    t.match(body, { error: { message, type: 'invalid_request_error', param, code } });
  });
}

t.test('null stands for a default, and unknown fields are ignored', async (t) => {
  const response = await post(llm, {
    ...hello,
    ...{ stream: null, stream_options: null, max_tokens: null, stop: null, temperature: null },
    ...{ n: null, ttft_ms: null, tokens_per_second: null, tools: [], what_is_this: 1 },
  });
  t.equal(response.status, 200);
  t.match(await response.json(), { choices: [{ message: { content: 'Echo: one two three' } }] });
});
