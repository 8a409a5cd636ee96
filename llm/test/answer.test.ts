import t from 'tap';
import { answerTo } from '../src/answer.js';

const request = { model: 'm', messages: [{ role: 'user', content: 'one two  three ' }] };

t.test('max_tokens keeps that many tokens and ends with length', async (t) => {
  t.match(answerTo({ ...request, max_tokens: 3 }), {
    text: 'Echo: one two',
    finishReason: 'length',
    usage: { prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 },
  });
});

t.test('an answer that just fits max_tokens is whole', async (t) => {
  t.match(answerTo({ ...request, max_tokens: 4 }), {
    text: 'Echo: one two  three ',
    finishReason: 'stop',
  });
});

t.test('max_completion_tokens wins over max_tokens', async (t) => {
  const { text } = answerTo({ ...request, max_completion_tokens: 1, max_tokens: 3 });
  t.equal(text, 'Echo:');
});

t.test('the first stop text that comes ends the answer before it', async (t) => {
  t.match(answerTo({ ...request, stop: ['three', 'two', 'none'] }), {
    text: 'Echo: one ',
    finishReason: 'stop',
    usage: { completion_tokens: 2 },
  });
  t.equal(answerTo({ ...request, stop: 'Echo' }).text, '');
});

t.test('max_tokens counts what is left before the stop text', async (t) => {
  t.equal(answerTo({ ...request, stop: 'two', max_tokens: 2 }).finishReason, 'stop');
  t.equal(answerTo({ ...request, stop: 'two', max_tokens: 1 }).finishReason, 'length');
});

t.test('every answer has an id of its own', async (t) => {
  t.not(answerTo(request).id, answerTo(request).id);
});
