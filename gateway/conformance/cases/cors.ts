import type { Test } from 'tap';
import { ask } from '../client.js';
import type { Options } from '../options.js';

const Origin = 'https://other.example';
const paths = ['/api/v1/video/start', '/v1/chat/completions', '/v2/chat/completions'];

/** What browsers on other sites are told. */
export function cors(t: Test, { url, videoKey }: Options): void {
  for (const path of paths) {
    t.test(`a preflight of ${path} needs no key`, async (t) => {
      const { status, headers, text } = await ask(url, path, {
        method: 'OPTIONS',
        headers: {
          ...{ Origin, 'Access-Control-Request-Method': 'POST' },
          'Access-Control-Request-Headers': 'apikey, content-type',
        },
      });
      t.equal(status, 200);
      t.equal(text, '');
      t.equal(headers['access-control-allow-origin'], '*');
      t.match(headers['access-control-allow-methods'], /\bPOST\b/);
      t.match(headers['access-control-allow-headers'], /\bapikey\b.*\bcontent-type\b/);
      t.equal(headers['access-control-max-age'], '600');
    });
    t.test(`OPTIONS of ${path} that is no preflight needs one`, async (t) => {
      t.equal((await ask(url, path, { method: 'OPTIONS' })).status, 401);
    });
  }
  t.test(
    'answers and refusals may be read by other sites, with the headers of limits',
    async (t) => {
      for (const apikey of [videoKey, 'wrong']) {
        const sent = { headers: { Origin, apikey } };
        const { headers } = await ask(url, '/api/v1/video/sessions', sent);
        t.equal(headers['access-control-allow-origin'], '*');
        const exposed = headers['access-control-expose-headers'];
        for (const name of ['X-Request-ID', 'RateLimit-Remaining', 'Retry-After']) {
          t.match(exposed, name);
        }
      }
    },
  );
  t.test('the page and its key may not', async (t) => {
    for (const path of ['/', '/viewer.json']) {
      const { headers } = await ask(url, path, { headers: { Origin } });
      t.equal(headers['access-control-allow-origin'], undefined, path);
    }
  });
}
