import { readFile } from 'node:fs/promises';
import { repositoryFile, until } from '@framebus/test';
import type { Test } from 'tap';
import { parse } from 'yaml';
import type { Engine } from './engine.js';

/** Answers with the address that asks. */
const server = `require('node:http')
  .createServer((request, answer) => answer.end(request.socket.remoteAddress)).listen(8001)`;

/** Tries, without Kong, on what Kong's admin API decides: who reaches it from this host, and who from beside it. */
export async function testLoopback(t: Test, engine: Engine): Promise<void> {
  const dockerfile = await readFile(repositoryFile('Dockerfile'), 'utf8');
  const [, node = ''] = /^FROM (node:\S+)/m.exec(dockerfile) ?? [];
  const compose = parse(await readFile(repositoryFile('compose/compose.yaml'), 'utf8'), {
    merge: true,
    logLevel: 'error',
  });
  const script = (compose.services.kong.command[0] as string)
    .replaceAll('$$', '$')
    .replace(/exec .*/, 'printf %s "$KONG_NGINX_ADMIN_ALLOW"');
  const name = `framebus-test-loopback-${process.pid}`;
  await engine.docker(['network', 'create', name]);
  try {
    const run = ['run', '--detach', '--rm', '--network', name, '--name', name];
    const published = ['--publish', '127.0.0.1::8001'];
    await engine.docker([...run, ...published, node, 'node', '-e', server]);
    const at = (await engine.docker(['port', name, '8001'])).trim().split('\n')[0];
    // The engine takes the connection before the container does.
    const ask = () =>
      fetch(`http://${at}/`, { signal: AbortSignal.timeout(5_000) }).then((answer) =>
        answer.text(),
      );
    const host = await until('an answer', ask);
    const allow = await engine.docker(['exec', name, 'sh', '-c', script]);
    t.match(allow, /^127\.0\.0\.1; allow [\d.]+; deny all$/, allow);
    const bare = (address: string) => address.replace('::ffff:', '');
    t.ok(allow.includes(` ${bare(host)};`), `this host comes from ${host}`);
    const beside = await engine.docker([
      ...['run', '--rm', '--network', name, node, 'node', '-e'],
      `fetch('http://${name}:8001').then((answer) => answer.text()).then(console.log)`,
    ]);
    t.notOk(allow.includes(` ${bare(beside.trim())};`), `a neighbour from ${beside.trim()}`);
  } finally {
    await engine.docker(['rm', '--force', name]).catch(() => {});
    await engine.docker(['network', 'rm', name]);
  }
}
