import t from 'tap';
import { escapePath, normalizePath, upstreamPath } from '../src/path.js';

const normalized = [
  ['/', '/'],
  ['/a/b', '/a/b'],
  ['/a/b/', '/a/b/'],
  ['//a///b', '/a/b'],
  ['/a/./b/.', '/a/b/'],
  ['/a/../b', '/b'],
  ['/a/b/..', '/a/'],
  ['/../../a', '/a'],
  ['/%2e%2e/a', '/a'],
  ['/%61%2Db', '/a-b'],
  ['/a%2fb%3f', '/a%2Fb%3F'],
  ['/a%25b', '/a%25b'],
  ['/a%zz', '/a%zz'],
] as const;
for (const [path, result] of normalized) {
  t.test(`${path} is matched as ${result}`, async (t) => {
    t.equal(normalizePath(path), result);
  });
}

t.test('a normalized path is sent with its special bytes encoded', async (t) => {
  for (const path of ['/a%20b', '/%C3%A9', '/%0D%0AX:%20y', '/a%2Fb', "/!*'();:@&=+$,"]) {
    t.equal(escapePath(normalizePath(path)), path);
  }
});

const sent = [
  { base: '/', path: '/a/b', matched: undefined, to: '/a/b' },
  { base: '/', path: '/', matched: undefined, to: '/' },
  { base: '/x', path: '/', matched: undefined, to: '/x' },
  { base: '/x', path: '/a', matched: undefined, to: '/x/a' },
  { base: '/x/', path: '/a', matched: undefined, to: '/x/a' },
  { base: '/', path: '/a', matched: '/a', to: '/' },
  { base: '/', path: '/a/', matched: '/a', to: '/' },
  { base: '/v1', path: '/v2/models', matched: '/v2/', to: '/v1/models' },
  { base: '/v1', path: '/v2/models', matched: '/v2', to: '/v1/models' },
  { base: '/v1/', path: '/v2/models', matched: '/v2', to: '/v1/models' },
  { base: '/v1', path: '/v2', matched: '/v2', to: '/v1' },
  { base: '/v1', path: '/v2/', matched: '/v2/', to: '/v1/' },
  { base: '/v1', path: '/v2..', matched: '/v2', to: '/v1' },
] as const;
for (const { base, path, matched, to } of sent) {
  t.test(`${path} without ${matched ?? 'nothing'} becomes ${to} at ${base}`, async (t) => {
    t.equal(upstreamPath(base, path, matched), to);
  });
}
