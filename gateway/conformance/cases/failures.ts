import type { Test } from 'tap';
import { ask } from '../client.js';
import { ownAnswer, parsed } from '../kong.js';
import type { Options } from '../options.js';

const messages: Readonly<Record<number, readonly string[]>> = {
  502: ['An invalid response was received from the upstream server'],
  503: ['failure to get a peer from the ring-balancer', 'name resolution failed'],
};

/** What callers get while a service is down. */
export function failures(t: Test, { url, llmKey, down }: Options): void {
  const calls = [
    { service: 'ingest', path: '/api/v1/video/health', call: {} },
    { service: 'llm', path: '/healthz', call: {} },
    {
      service: 'vllm',
      path: '/v2/chat/completions',
      call: { method: 'POST', headers: { apikey: llmKey }, body: '{}' },
    },
  ];
  for (const { service, path, call } of calls) {
    const skip = !down.includes(service) && `--down does not name ${service}`;
    t.test(`${path} while ${service} is down: 502 or 503`, { skip }, async (t) => {
      const headers = { ...call.headers, Accept: 'application/json' };
      const reply = await ask(url, path, { ...call, headers });
      const { error, message } = parsed(reply.text);
      if (error !== undefined) {
        t.comment('UPSTREAMS says that there is none');
        t.equal(reply.status, 503);
        t.match(error, { message: String, type: 'server_error', code: `${service}_not_running` });
        return;
      }
      const known = messages[reply.status] ?? [];
      t.ok(known.includes(String(message)), `${reply.status} ${message}`);
      ownAnswer(t, reply, reply.status, String(message));
    });
  }
}
