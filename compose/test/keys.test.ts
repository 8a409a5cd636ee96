import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryFile } from '@framebus/test';
import t, { type Test } from 'tap';

const program = repositoryFile('compose/dist/src/keys/main.js');

async function folderOf(t: Test): Promise<string> {
  const folder = t.testdir();
  for (const reader of ['all', 'nats', 'mediamtx', 'ingest', 'detector', 'fanout', 'prometheus']) {
    await mkdir(join(folder, reader));
  }
  return folder;
}

const run = (folder: string, env: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, [program], { env: { KEYS_DIR: folder, ...env } });

async function variablesOf(folder: string, file: string): Promise<Map<string, string>> {
  const text = await readFile(join(folder, file), 'utf8');
  return new Map(
    [...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

t.test('passwords are made up once and kept', async (t) => {
  const folder = await folderOf(t);
  const { stdout } = await run(folder);
  t.match(stdout, 'made up: NATS_INGEST_PASSWORD');
  const first = await variablesOf(folder, 'all/keys.env');
  t.equal(new Set(first.values()).size, first.size, 'each is another');
  for (const password of first.values()) t.match(password, /^[a-z][a-z0-9]{30,}$/);
  t.notMatch((await run(folder)).stdout, 'made up');
  t.same(await variablesOf(folder, 'all/keys.env'), first);
});

t.test('a password that is set takes the place of the kept one, everywhere', async (t) => {
  const folder = await folderOf(t);
  await run(folder);
  await run(folder, { NATS_INGEST_PASSWORD: 'chosenByUs1' });
  t.equal((await variablesOf(folder, 'nats/nats.env')).get('NATS_INGEST_PASSWORD'), 'chosenByUs1');
  t.equal((await variablesOf(folder, 'ingest/ingest.env')).get('NATS_PASSWORD'), 'chosenByUs1');
});

t.test('a service finds its own passwords and no other', async (t) => {
  const folder = await folderOf(t);
  await run(folder);
  const all = await variablesOf(folder, 'all/keys.env');
  for (const user of ['ingest', 'detector', 'fanout']) {
    t.same(
      [...(await variablesOf(folder, `${user}/${user}.env`))],
      [
        ['NATS_USER', user],
        ['NATS_PASSWORD', all.get(`NATS_${user.toUpperCase()}_PASSWORD`)],
        ...(user === 'fanout' ? [['WEBRTC_PASSWORD', all.get('RTSP_READ_PASSWORD')]] : []),
      ],
    );
  }
});

t.test('a password that nats-server would not read as text is refused', async (t) => {
  const folder = await folderOf(t);
  const refused = run(folder, { NATS_CLI_PASSWORD: '12e4567890' });
  await t.rejects(refused, { code: 2, stderr: /NATS_CLI_PASSWORD .* a letter first/ });
});

t.test('every password of the NATS configuration is made', async (t) => {
  const folder = await folderOf(t);
  await run(folder);
  const made = [...(await variablesOf(folder, 'nats/nats.env')).keys()];
  const files = ['users.conf', 'cluster.conf'].map((name) =>
    readFile(repositoryFile(`compose/nats/${name}`), 'utf8'),
  );
  const text = (await Promise.all(files)).join('\n');
  const used = [...text.matchAll(/\$(\w+_PASSWORD)/g)].map(([, name]) => name);
  t.same([...new Set(used)].sort(), made.sort());
});
