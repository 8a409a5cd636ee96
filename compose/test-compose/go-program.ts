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
 * @param tags of the build
 */
export function goProgram(
  name: string,
  module: string,
  folder: string,
  tags = '',
): Promise<string> {
  return kept([name, module.split('@')[1], ...(tags ? [tags] : [])].join('-'), async (go, work) => {
    const found = await command(go, ['mod', 'download', '-json', module], {
      timeoutMs: 300_000,
    });
    // Modules whose go.mod excludes others can not be installed by their names.
    const source = join(work, 'source');
    await cp((JSON.parse(found) as { Dir: string }).Dir, source, { recursive: true });
    await command('chmod', ['-R', 'u+w', source]);
    const program = join(work, name);
    const flags = ['-trimpath', '-tags', tags, '-ldflags', '-s -w'];
    await command('nice', [go, 'build', ...flags, '-o', program, folder], {
      env: goEnv,
      cwd: source,
      timeoutMs: 1_200_000,
    });
    return program;
  });
}

export const goEnv = { CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOWORK: 'off' };

/**
 * Path of the program that is kept by this name, else of what `build` makes.
 * @param build is given a `go` and an empty folder, and returns the program's path in there
 */
export async function kept(
  name: string,
  build: (go: string, work: string) => Promise<string>,
): Promise<string> {
  const path = join(cacheFolder, name);
  if (await exists(path)) return path;
  await mkdir(cacheFolder, { recursive: true });
  const work = await mkdtemp(join(tmpdir(), 'framebus-go-'));
  try {
    const toolchain = repositoryFile('test/go/toolchain.sh');
    const go = (await command(toolchain, [], { timeoutMs: 600_000 })).trim();
    await cp(await build(go, work), `${path}.new`);
    await rename(`${path}.new`, path);
    return path;
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
