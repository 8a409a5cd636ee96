import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryFile } from '@framebus/test';
import t from 'tap';
import { command } from './command.js';
import { goEnv, kept } from './go-program.js';

t.test(
  "Grafana's own SDK takes the dashboard, and not one with a field that is none",
  async (t) => {
    const source = repositoryFile('compose/test-compose/grafana');
    const hash = createHash('sha256');
    for (const name of ['go.mod', 'main.go']) hash.update(await readFile(join(source, name)));
    const name = `grafana-dashboard-${hash.digest('hex').slice(0, 12)}`;
    const program = await kept(name, async (go, work) => {
      const built = join(work, 'dashboard');
      await command(go, ['build', '-o', built, '.'], {
        env: goEnv,
        cwd: source,
        timeoutMs: 600_000,
      });
      return built;
    });
    const file = repositoryFile('compose/observability/grafana/dashboards/framebus.json');
    t.match(await command(program, [file]), /: \d\d panels\n/);

    const folder = await mkdtemp(join(tmpdir(), 'framebus-dashboard-'));
    t.teardown(() => rm(folder, { recursive: true, force: true }));
    const spoilt = join(folder, 'spoilt.json');
    await writeFile(spoilt, (await readFile(file, 'utf8')).replace('"colorMode"', '"colourMode"'));
    await t.rejects(command(program, [spoilt]), { message: "unexpected field 'colourMode'" });
  },
);
