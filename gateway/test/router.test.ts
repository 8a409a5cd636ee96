import t from 'tap';
import { parseDeclaration } from '../src/declaration.js';
import { Router } from '../src/router.js';
import { routesOf } from '../src/routes.js';

/** Names of the routes that these requests find; routes are YAML, one a line. */
function found(routes: readonly string[], requests: readonly string[]): readonly string[] {
  const file = `
_format_version: "3.0"
services: [{ name: s, url: "http://s", retries: 0, routes: [${routes.join(', ')}] }]
`;
  const router = new Router(routesOf(parseDeclaration(file, 'kong.yml').declaration, new Map()));
  return requests.map((request) => {
    const [method = '', path = ''] = request.split(' ');
    return router.match(method, path)?.route.entity.name ?? 'none';
  });
}

t.test('a longer prefix goes first, whatever the order in the file', async (t) => {
  const routes = [
    '{ name: root, paths: [/] }',
    '{ name: short, paths: [/a] }',
    '{ name: long, paths: [/a/b] }',
  ];
  for (const order of [routes, routes.toReversed()]) {
    t.strictSame(found(order, ['GET /', 'GET /ab', 'GET /a/b/c', 'GET /x']), [
      'root',
      'short',
      'long',
      'root',
    ]);
  }
});

t.test(
  'a pattern goes before every prefix, and holds from the beginning of the path',
  async (t) => {
    const routes = [
      '{ name: prefix, paths: [/a/b/c/d] }',
      "{ name: pattern, paths: ['~/a/[a-z]'] }",
    ];
    t.strictSame(found(routes, ['GET /a/b/c/d', 'GET /x/a/b', 'GET /a/1']), [
      'pattern',
      'none',
      'none',
    ]);
  },
);

t.test('alternatives of a pattern all hold from the beginning', async (t) => {
  t.strictSame(found(["{ name: r, paths: ['~/a|/b'] }"], ['GET /b', 'GET /x/b']), ['r', 'none']);
});

t.test('patterns are tried by regex_priority', async (t) => {
  const routes = [
    "{ name: low, paths: ['~/a.*'] }",
    "{ name: high, paths: ['~/a.*'], regex_priority: 5 }",
  ];
  t.strictSame(found(routes, ['GET /a']), ['high']);
});

t.test('a route with methods goes before one without', async (t) => {
  const routes = ["{ name: any, paths: ['~/a/b'] }", '{ name: get, paths: [/a], methods: [GET] }'];
  t.strictSame(found(routes, ['GET /a/b', 'POST /a/b']), ['get', 'any']);
});

t.test('each of several paths has its own precedence', async (t) => {
  const routes = ['{ name: two, paths: [/a, /b/c/d] }', '{ name: one, paths: [/b/c] }'];
  t.strictSame(found(routes, ['GET /b/c/d', 'GET /b/c/x', 'GET /a']), ['two', 'one', 'two']);
});
