import { access, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryFile } from '@framebus/test';
import { command } from './command.js';

/** Programs that take minutes to build are kept here between runs. */
export const cacheFolder = join(
  process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
  'framebus',
  'compose-test',
);

/**
 * Path of a program built from the Go module proxy alone, without C.
 * @param module such as `github.com/nats-io/nats-server/v2@v2.15.1`
 * @param folder of the program in the module
 */
export async function goProgram(name: string, module: string, folder: string): Promise<string> {
  const kept = join(cacheFolder, `${name}-${module.split('@')[1]}`);
  if (await exists(kept)) return kept;
  await mkdir(cacheFolder, { recursive: true });
  const work = await mkdtemp(join(tmpdir(), 'framebus-go-'));
  try {
    const env = { CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' };
    const go = (
      await command(repositoryFile('test/go/toolchain.sh'), [], { timeoutMs: 600_000 })
    ).trim();
    const found = await command(go, ['mod', 'download', '-json', module], {
      timeoutMs: 300_000,
    });
    // Modules whose go.mod excludes others can not be installed by their names.
    const source = join(work, 'source');
    await cp((JSON.parse(found) as { Dir: string }).Dir, source, { recursive: true });
    await command('chmod', ['-R', 'u+w', source]);
    const program = join(work, name);
    await command('nice', [go, 'build', '-trimpath', '-ldflags', '-s -w', '-o', program, folder], {
      env,
      cwd: source,
      timeoutMs: 600_000,
    });
    await cp(program, `${kept}.new`);
    await rename(`${kept}.new`, kept);
    return kept;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
