import { mkdir, writeFile } from 'node:fs/promises';
import t from 'tap';
import { runCommand } from './command.js';

t.test('models:list tells name, style, size, licence and what is fetched', async (t) => {
  const folder = t.testdir();
  await mkdir(`${folder}/rtdetr_r34vd`);
  await writeFile(`${folder}/rtdetr_r34vd/model.onnx`, '');
  const { code, output } = await runCommand('list', [], { MODELS_DIR: folder });
  t.equal(code, 0);
  const rows = output
    .trim()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  t.same(rows[0], ['name', 'style', 'size', 'licence', 'fetched']);
  const row = (name: string) => rows.find(([first]) => first === name)?.slice(1);
  t.same(row('shapes'), ['rtdetr', '10.1 kB', 'Apache-2.0', 'comes with framebus']);
  t.same(row('rtdetr_r18vd'), ['huggingface', 'about 82.6 MB', 'Apache-2.0', 'no']);
  t.same(row('rtdetr_r34vd'), ['huggingface', 'about 128 MB', 'Apache-2.0', 'yes']);
  t.same(row('rtdetr_v2_r101vd'), ['huggingface', '307.3 MB', 'Apache-2.0', 'no']);
  t.same(row('dfine_n_coco'), ['huggingface', '15.3 MB', 'Apache-2.0', 'no']);
  t.same(row('rtdetr_v2_r34vd'), ['huggingface', 'not listed', 'Apache-2.0', 'no']);
});

t.test('models:list --json tells the same to programs', async (t) => {
  const { code, output } = await runCommand('list', ['--json'], { MODELS_DIR: t.testdir() });
  t.equal(code, 0);
  const models: Record<string, unknown>[] = JSON.parse(output);
  t.match(
    models.find(({ name }) => name === 'rtdetr_v2_r18vd'),
    { style: 'huggingface', fetched: false, secondHand: true, sha256: /^[0-9a-f]{64}$/ },
  );
  t.match(models[0], { name: 'shapes', fetched: true });
});

t.test('models:list refuses words that it does not know', async (t) => {
  t.match(await runCommand('list', ['--nothing']), { code: 2, output: "'--nothing'" });
});
