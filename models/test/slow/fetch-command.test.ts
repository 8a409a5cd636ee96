import { mkdir, readdir, readFile } from 'node:fs/promises';
import { findModel } from '@framebus/models';
import { until } from '@framebus/test';
import t from 'tap';
import { exitOf, runCommand, startCommand } from '../command.js';
import { partBytes } from '../fetching.js';
import { Hub, sha256 } from '../hub.js';
import { Proxy } from '../proxy.js';

const name = 'rtdetr_r18vd';

t.test('models:fetch brings a model to where findModel finds it', async (t) => {
  await using hub = await Hub.start();
  const folder = t.testdir();
  const env = { MODELS_BASE_URL: hub.url, MODELS_DIR: folder };
  await t.rejects(findModel(name, folder), {
    code: 'MODEL_NOT_FETCHED',
    message: `model ${name} is not fetched: npm run models:fetch ${name}`,
  });
  const first = await runCommand('fetch', [name], env);
  t.equal(first.code, 0);
  t.match(first.output, `SHA-256: ${sha256(hub.content)}`);
  t.match(hub.paths, [`/onnx-community/${name}/resolve/main/onnx/model.onnx`]);
  const { file, labels } = await findModel(name, folder);
  t.ok((await readFile(file)).equals(hub.content));
  t.equal(JSON.parse(await readFile(labels, 'utf8')).length, 80);
  const again = await runCommand('fetch', [name], env);
  t.equal(again.code, 0);
  t.match(again.output, 'it is here already, whole');
  t.equal(hub.paths.length, 1);
});

t.test('a file that is not the one of a pinned hash is refused with exit code 1', async (t) => {
  await using hub = await Hub.start();
  const folder = t.testdir();
  const env = { MODELS_BASE_URL: hub.url, MODELS_DIR: folder };
  const { code, output } = await runCommand('fetch', ['rtdetr_v2_r18vd'], env);
  t.equal(code, 1);
  t.match(output, 'not the file that models.json promises');
  t.same(await readdir(folder), []);
});

t.test('a file without a hash comes with --allow-unverified only', async (t) => {
  await using hub = await Hub.start();
  hub.linkedEtag = undefined;
  const env = { MODELS_BASE_URL: hub.url, MODELS_DIR: t.testdir() };
  const refused = await runCommand('fetch', [name], env);
  t.match(refused, { code: 1, output: '--allow-unverified takes it' });
  const taken = await runCommand('fetch', [name, '--allow-unverified'], env);
  t.match(taken, { code: 0, output: 'nobody vouches for it' });
});

t.test('a host that can not be reached is told after the tries that are set', async (t) => {
  const hub = await Hub.start();
  const { url } = hub;
  await hub[Symbol.asyncDispose]();
  const env = { MODELS_BASE_URL: url, MODELS_DIR: t.testdir(), MODELS_TRIES: '2' };
  const { code, output } = await runCommand('fetch', [name], env);
  t.equal(code, 1);
  t.match(output, `no answer from ${url}: connect ECONNREFUSED`);
  t.equal(output.match(/trying again in/g)?.length, 1);
});

t.test('Ctrl-C ends with 130 and the next fetch goes on from there', async (t) => {
  await using hub = await Hub.start();
  hub.stalls.push(100_000);
  const folder = t.testdir();
  const env = { MODELS_BASE_URL: hub.url, MODELS_DIR: folder };
  await using child = await startCommand('fetch', [name], env);
  await until('bytes came', async () => (await partBytes(folder)) === 100_000);
  child.process.kill('SIGINT');
  t.equal(await exitOf(child), 130);
  t.match(child.output, 'stopped; the same command goes on from here');
  t.same(await readdir(folder), [`${name}.part`]);
  t.equal((await runCommand('fetch', [name], env)).code, 0);
  t.match(hub.asked[1], { range: 'bytes=100000-' });
});

t.test(
  'two fetches of a model at once do not meet, and a killed one leaves its part',
  async (t) => {
    await using hub = await Hub.start();
    hub.stalls.push(100_000);
    const folder = t.testdir();
    const env = { MODELS_BASE_URL: hub.url, MODELS_DIR: folder };
    await using child = await startCommand('fetch', [name], env);
    await until('bytes came', async () => (await partBytes(folder)) === 100_000);
    const second = await runCommand('fetch', [name], env);
    t.equal(second.code, 1);
    t.match(second.output, `process ${child.process.pid} is fetching ${name};`);
    t.equal(await partBytes(folder), 100_000);
    await child.stop('SIGKILL');
    t.equal((await runCommand('fetch', [name], env)).code, 0);
    t.match(hub.asked.at(-1), { range: 'bytes=100000-' });
    t.same(await readdir(folder), [name]);
  },
);

t.test('a name that begins like another is another model', async (t) => {
  await using hub = await Hub.start();
  const folder = t.testdir();
  await mkdir(`${folder}/${name}_other.part.${process.pid}`);
  const env = { MODELS_BASE_URL: hub.url, MODELS_DIR: folder };
  t.equal((await runCommand('fetch', [name], env)).code, 0);
});

t.test('HTTP_PROXY is gone through, but for hosts in NO_PROXY', async (t) => {
  await using hub = await Hub.start();
  await using proxy = await Proxy.start();
  const base = `http://models.invalid:${hub.port}`;
  const env = { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1', MODELS_TRIES: '1' };
  const through = { ...env, MODELS_BASE_URL: base, MODELS_DIR: t.testdir() };
  t.equal((await runCommand('fetch', [name], through)).code, 0);
  t.same(proxy.tunnels, [`models.invalid:${hub.port}`]);
  const around = { ...env, MODELS_BASE_URL: hub.url, MODELS_DIR: t.testdir() };
  t.equal((await runCommand('fetch', [name], around)).code, 0);
  t.equal(proxy.tunnels.length, 1);
});

t.test('HTTPS_PROXY is gone through for https', async (t) => {
  await using proxy = await Proxy.start();
  const env = { HTTPS_PROXY: proxy.url, MODELS_TRIES: '1', MODELS_DIR: t.testdir() };
  const base = { MODELS_BASE_URL: 'https://models.invalid:1' };
  t.equal((await runCommand('fetch', [name], { ...env, ...base })).code, 1);
  t.same(proxy.tunnels, ['models.invalid:1']);
});

t.test('a proxy that is none is told', async (t) => {
  const env = { HTTP_PROXY: 'a b', MODELS_DIR: t.testdir() };
  const { code, output } = await runCommand('fetch', [name], env);
  t.equal(code, 1);
  t.match(output, 'HTTPS_PROXY or HTTP_PROXY is no address such as');
});

t.test('rtdetr-l is not fetched, with its licence and its export told', async (t) => {
  for (const asked of ['rtdetr-l', 'rtdetr-l.pt']) {
    const { code, output } = await runCommand('fetch', [asked]);
    t.equal(code, 1);
    t.match(output, 'AGPL-3.0');
    t.match(output, 'yolo export model=rtdetr-l.pt format=onnx');
    t.match(output, 'DETECTOR_MODEL=');
  }
});

t.test('an unknown name is refused with those that exist', async (t) => {
  const { code, output } = await runCommand('fetch', ['nothing']);
  t.equal(code, 1);
  t.match(output, 'no model is named "nothing"; there are: shapes, nano, rtdetr_r18vd,');
});

t.test('wrong words and settings give exit code 2, --help gives 0', async (t) => {
  t.match(await runCommand('fetch', []), { code: 2, output: 'npm run models:fetch NAME' });
  t.match(await runCommand('fetch', [name, '--nothing']), { code: 2, output: "'--nothing'" });
  const wrong = await runCommand('fetch', [name], { MODELS_TRIES: 'many' });
  t.match(wrong, { code: 2, output: 'MODELS_TRIES is "many": expected a whole number from 1' });
  const hub = await runCommand('fetch', [name], { MODELS_BASE_URL: 'huggingface.co' });
  t.match(hub, { code: 2, output: 'expected an http or https address such as' });
  const help = await runCommand('fetch', ['--help']);
  t.equal(help.code, 0);
  for (const setting of ['MODELS_BASE_URL', 'MODELS_DIR', 'MODELS_TIMEOUT_MS', 'HTTPS_PROXY']) {
    t.match(help.output, setting);
  }
});
