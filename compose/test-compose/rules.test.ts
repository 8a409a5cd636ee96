import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryFile } from '@framebus/test';
import t from 'tap';
import { command } from './command.js';
import { promtool } from './observers.js';

t.test('promtool takes the alert rules, and each says what it is to say', async (t) => {
  const program = await promtool();
  const folder = await mkdtemp(join(tmpdir(), 'framebus-rules-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const rules = join(folder, 'rules.yml');
  const tests = join(folder, 'rules.test.yml');
  await cp(repositoryFile('compose/observability/rules.yml'), rules);
  await cp(repositoryFile('compose/test-compose/rules.test.yml'), tests);
  t.match(await command(program, ['check', 'rules', rules]), 'SUCCESS');
  t.match(await command(program, ['test', 'rules', tests]), 'SUCCESS');
});
