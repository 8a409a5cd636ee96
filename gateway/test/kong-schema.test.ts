import { readFile } from 'node:fs/promises';
import { readSettings } from '@framebus/contract/service';
import { repositoryFile } from '@framebus/test';
import t from 'tap';
import { parse } from 'yaml';
import { renderSettings } from '../src/render-settings.js';
import { render } from '../src/rendered.js';
import { kongFile } from './kong-entities.js';

const text = await readFile(repositoryFile('gateway/kong.yml'), 'utf8');

/** Where Kong's schemas would complain of a file. */
function complaints(file: unknown): readonly string[] {
  const issues = kongFile.safeParse(file).error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

t.test("the file fits Kong's schemas", async (t) => {
  t.strictSame(complaints(parse(text)), []);
});

const environments = [
  { DEMO_KEYS: 'true' },
  { VIDEO_API_KEY: 'a,b', LLM_API_KEY: 'c', VLLM_API_KEY: 'd' },
  { DEMO_KEYS: 'true', UPSTREAMS: 'ingest=http://a:1|http://b:2,llm=http://c,vllm=' },
];
for (const env of environments) {
  t.test(`so does what is written for Kong with ${JSON.stringify(env)}`, async (t) => {
    const all = { RENDERED_CONFIG: '/unused', ...env };
    const { text } = await render(readSettings(renderSettings, all), false);
    t.strictSame(complaints(parse(text)), []);
  });
}

const wrong: readonly (readonly [string, string | RegExp, string, string])[] = [
  ['an entity that does not exist', 'upstreams:', 'upstream:', 'upstream'],
  ['a field of a route', 'strip_path:', 'strip_paths:', 'strip_paths'],
  ['a field of a plugin', 'hide_credentials:', 'hide_credential:', 'hide_credential'],
  ['a plugin that does not exist', 'name: key-auth', 'name: keyauth', 'plugins.0'],
  ['text for a number', 'minute: 100', 'minute: "100"', 'config.minute'],
  ['a time of 0', 'read_timeout: 3600000', 'read_timeout: 0', 'read_timeout'],
  ['an algorithm', 'least-connections', 'fewest', 'upstreams.0.algorithm'],
  ['an interval', 'interval: 5', 'interval: 5s', 'healthy.interval'],
  ['a target', 'target: ingest:8081', 'target: http://ingest:8081', 'targets.0.target'],
  ['a key without quotes that is a number', '"video-api-key-001"', '1234', '0.key'],
  ['look-around', '~/healthz$', '~/healthz(?=/|$)', 'invalid regex'],
  ['a back-reference', '~/healthz$', '~/(h)ealthz\\1$', 'invalid regex'],
  ['a broken pattern', '~/healthz$', '~/(healthz$', 'invalid regex'],
  ['a pattern without its slash', '~/healthz$', '~healthz$', 'should start with'],
  ['an empty segment', '"/ws/"', '"/ws//"', 'must not have empty segments'],
  ['a cluster without a database', 'policy: local', 'policy: cluster', 'config.policy'],
  ['a format', '_format_version: "3.0"', '_format_version: 3.0', '_format_version'],
];
for (const [what, from, to, where] of wrong) {
  t.test(`${what}, when wrong, is found`, async (t) => {
    const broken = text.replace(from, to);
    t.not(broken, text);
    t.match(complaints(parse(broken)).join('\n'), where);
  });
}
