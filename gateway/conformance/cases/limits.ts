import type { IncomingHttpHeaders } from 'node:http';
import type { Test } from 'tap';
import { ask } from '../client.js';
import { ownAnswer } from '../kong.js';
import type { Options } from '../options.js';

const chat = '/v2/chat/completions';

/** Waits until no minute ends within the next seconds: windows begin with the clock. */
async function calmMinute(seconds: number): Promise<void> {
  const leftMs = 60_000 - (Date.now() % 60_000);
  if (leftMs < seconds * 1_000) await new Promise((resolve) => setTimeout(resolve, leftMs + 500));
}

function remaining(headers: IncomingHttpHeaders): number {
  return Number(headers['ratelimit-remaining']);
}

/** The headers of limits. */
export function limits(t: Test, { url, videoKey, llmKey }: Options): void {
  for (const { path, apikey, limit } of [
    { path: '/api/v1/video/sessions', apikey: videoKey, limit: '100' },
    { path: '/v1/models', apikey: llmKey, limit: '300' },
  ]) {
    t.test(`${path} tells its limit of ${limit} a minute and what is left of it`, async (t) => {
      await calmMinute(5);
      const first = (await ask(url, path, { headers: { apikey } })).headers;
      t.equal(first['ratelimit-limit'], limit);
      t.equal(first['x-ratelimit-limit-minute'], limit);
      t.equal(first['x-ratelimit-remaining-minute'], first['ratelimit-remaining']);
      const resetS = Number(first['ratelimit-reset']);
      t.ok(resetS >= 1 && resetS <= 60, `RateLimit-Reset: ${resetS}`);
      t.equal(first['retry-after'], undefined);
      // Kong counts after it has answered.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const second = (await ask(url, path, { headers: { apikey } })).headers;
      t.ok(remaining(second) < remaining(first), `${remaining(first)}, ${remaining(second)}`);
    });
  }
  t.test('what needs no key has no limit', async (t) => {
    const { headers } = await ask(url, '/api/v1/video/health');
    t.equal(headers['ratelimit-limit'], undefined);
  });
}

/** Uses the limit of /v2 up: its LLM key gets 429 there until the minute ends. Others are not touched. */
export function usedUpLimit(t: Test, { url, llmKey, videoKey, useUp }: Options): void {
  const skip = !useUp && '--skip-limit';
  t.test('a limit that is used up: 429 for that key and route alone', { skip }, async (t) => {
    await calmMinute(20);
    // A method that the service refuses: nothing is generated.
    const call = () => ask(url, chat, { headers: { apikey: llmKey } });
    let last = await call();
    for (let calls = 1; last.status !== 429 && calls < 400; calls += 10) {
      const replies = await Promise.all(Array.from({ length: 10 }, call));
      last = replies.find(({ status }) => status === 429) ?? last;
    }
    ownAnswer(t, last, 429, 'API rate limit exceeded');
    t.equal(last.headers['ratelimit-remaining'], '0');
    t.equal(last.headers['retry-after'], last.headers['ratelimit-reset']);
    t.equal(last.headers['x-ratelimit-limit-minute'], '300');
    t.not((await ask(url, '/v1/models', { headers: { apikey: llmKey } })).status, 429, '/v1');
    const sessions = { headers: { apikey: videoKey } };
    t.not((await ask(url, '/api/v1/video/sessions', sessions)).status, 429, 'the video API');
    t.equal((await ask(url, chat)).status, 401, 'without a key it is still 401');
  });
}
