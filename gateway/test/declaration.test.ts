import { readFile } from 'node:fs/promises';
import { ConfigError } from '@framebus/contract/service';
import { repositoryFile } from '@framebus/test';
import t from 'tap';
import { parseDeclaration } from '../src/declaration.js';

const kongYml = await readFile(repositoryFile('gateway/kong.yml'), 'utf8');

/** What is said of a file. */
function mistakes(text: string): readonly string[] {
  try {
    parseDeclaration(text, 'kong.yml');
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
}

/** A file with this line of YAML in its only route. */
function withRoute(line: string): string {
  return `_format_version: "3.0"
services:
  - name: a
    url: http://a:1
    retries: 0
    routes:
      - name: r
        paths: [/a]
        ${line}
`;
}

/** A file with this line of YAML as the checks of its only upstream. */
function withUpstream(line: string): string {
  return `_format_version: "3.0"
upstreams:
  - name: a.upstream
    algorithm: least-connections
    targets: [{ target: a:1 }]
    healthchecks: { ${line} }
`;
}

t.test('the file of the project is understood', async (t) => {
  t.strictSame(mistakes(kongYml), []);
});

t.test('a plugin that is not known is refused, with its place and the known ones', async (t) => {
  t.strictSame(mistakes(withRoute('plugins: [{ name: jwt }]')), [
    'kong.yml:9 services[0].routes[0].plugins[0].name: unknown plugin; known here: ' +
      'correlation-id, cors, key-auth, request-size-limiting, acl, rate-limiting, ' +
      'request-transformer, request-termination',
  ]);
});

t.test("a plugin's field that is not known is refused", async (t) => {
  const [mistake, ...more] = mistakes(
    withRoute('plugins: [{ name: acl, config: { allow: [a], whitelist: [b] } }]'),
  );
  t.equal(
    mistake,
    'kong.yml:9 services[0].routes[0].plugins[0].config.whitelist: unknown "whitelist"; ' +
      'known here: allow, deny, hide_groups_header',
  );
  t.strictSame(more, []);
});

const unknown = [
  {
    what: 'an entity',
    text: '_format_version: "3.0"\ncertificates: []\n',
    says: 'kong.yml:2 certificates: unknown',
  },
  {
    what: "a route's field",
    text: withRoute('hosts: [a]'),
    says: 'kong.yml:9 services[0].routes[0].hosts: unknown "hosts"; known here: name, paths,',
  },
  {
    what: "a service's field",
    text: '_format_version: "3.0"\nservices:\n- { name: a, url: "http://a", retries: 0, host: b }\n',
    says: 'kong.yml:3 services[0].host: unknown "host"',
  },
  {
    what: "a consumer's credential",
    text: '_format_version: "3.0"\nconsumers:\n- username: a\n  jwt_secrets: []\n',
    says: 'kong.yml:4 consumers[0].jwt_secrets: unknown "jwt_secrets"',
  },
  {
    what: 'a count of refused connections that Kong never makes',
    text: withUpstream('passive: { unhealthy: { tcp_failures: 1 } }'),
    says: 'kong.yml:6 upstreams[0].healthchecks.passive.unhealthy.tcp_failures: unknown',
  },
  {
    what: "a plugin's scope",
    text: '_format_version: "3.0"\nplugins:\n- { name: cors, route: r }\n',
    says: 'kong.yml:3 plugins[0].route: unknown "route"',
  },
];
for (const { what, text, says } of unknown) {
  t.test(`${what} that is not known is refused`, async (t) => {
    const said = mistakes(text);
    t.equal(said.length, 1);
    t.ok(said[0]?.startsWith(says), String(said[0]));
  });
}

const wrong = [
  { what: 'another format', text: '_format_version: "1.1"\n', says: '_format_version' },
  {
    what: 'retries, which Kong makes unless told',
    text: withRoute('').replace('    retries: 0\n', ''),
    says: 'each request is tried once',
  },
  {
    what: 'look-around, which Kong cannot match',
    text: withRoute('').replace('[/a]', "['~/a(?=/|$)']"),
    says: "Kong's router has no look-around",
  },
  {
    what: 'a broken pattern',
    text: withRoute('').replace('[/a]', "['~/a(']"),
    says: 'Unterminated group',
  },
  {
    what: 'a pattern without its mark',
    text: withRoute('').replace('[/a]', "['/a$|b']"),
    says: 'expected a path, or ~',
  },
  {
    what: 'a path that is not normalized',
    text: withRoute('').replace('[/a]', '[/a//b]'),
    says: 'expected /a/b',
  },
  {
    what: 'limits shared through Redis',
    text: withRoute('plugins: [{ name: rate-limiting, config: { minute: 1, policy: redis } }]'),
    says: 'plugins[0].config.policy',
  },
  {
    what: 'a rate limit without a limit',
    text: withRoute('plugins: [{ name: rate-limiting }]'),
    says: 'expected a limit for at least one of',
  },
  {
    what: 'acl with both lists',
    text: withRoute('plugins: [{ name: acl, config: { allow: [a], deny: [b] } }]'),
    says: 'expected one of allow and deny',
  },
  {
    what: 'a plugin twice',
    text: withRoute('plugins: [{ name: cors }, { name: cors }]'),
    says: 'the same plugin is given twice',
  },
  {
    what: 'a key twice',
    text: '_format_version: "3.0"\nconsumers:\n- { username: a, keyauth_credentials: [{ key: same }] }\n- { username: b, keyauth_credentials: [{ key: same }] }\n',
    says: 'a key is given twice',
  },
  {
    what: 'a field twice',
    text: '_format_version: "3.0"\n_format_version: "3.0"\n',
    says: 'kong.yml:2',
  },
  {
    what: 'another way of choosing a target',
    text: withUpstream('').replace('least-connections', 'round-robin'),
    says: 'expected least-connections',
  },
  {
    what: 'a target without its port',
    text: withUpstream('').replace('a:1', 'a'),
    says: 'upstreams[0].targets[0].target: expected host:port',
  },
  {
    what: 'a header that would begin with a space',
    text: withRoute(
      'plugins: [{ name: request-transformer, config: { add: { headers: ["a: b"] } } }]',
    ),
    says: 'expected name:value',
  },
  { what: 'what is no YAML', text: '_format_version: [\n', says: 'kong.yml:' },
];
for (const { what, text, says } of wrong) {
  t.test(`${what} is refused`, async (t) => {
    const said = mistakes(text).join('\n');
    t.ok(said.includes(says), said || 'nothing was said');
    t.notMatch(said, 'same\n', 'no key is shown');
  });
}

t.test('every mistake is told at once', async (t) => {
  const text = withRoute('hosts: [a]').replace('http://a:1', 'ftp://a').replace('"3.0"', '2');
  t.equal(mistakes(text).length, 3);
});
