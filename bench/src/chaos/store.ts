import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NatsServer, type NatsServerOptions, repositoryFile } from '@framebus/test';
import { sleep } from '../statistics.js';
import type { Fault } from './fault.js';

const run = promisify(execFile);
const sizeMiB = 64;

/** A small disk for JetStream that can be filled: a tmpfs, for which root is needed; undefined where there is none. */
export class SmallDisk implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async mount(): Promise<SmallDisk | undefined> {
    const folder = await mkdtemp(join(tmpdir(), 'framebus-chaos-disk-'));
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'framebus-chaos', folder]);
      return new SmallDisk(folder);
    } catch {
      await rm(folder, { recursive: true });
      return undefined;
    }
  }

  server(options: NatsServerOptions): Promise<NatsServer> {
    const env = { ...options.env, NATS_STORE_DIR: join(this.folder, 'nats') };
    const config = repositoryFile('bench/chaos-nats.conf');
    return NatsServer.start({ ...options, config, env });
  }

  /** JetStream gives up on a full disk and says so: it is started anew once there is room again. */
  get full(): Fault {
    return {
      name: 'disk of JetStream full',
      part: 'NATS',
      run: async (rig) => {
        const ballast = join(this.folder, 'ballast');
        const { bavail, bsize } = await statfs(this.folder);
        await writeFile(ballast, Buffer.alloc(bavail * bsize)).catch(() => {});
        await sleep(2_000);
        await rm(ballast, { force: true });
        await rig.nats.kill();
        await rig.nats.up();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run('umount', [this.folder]);
    await rm(this.folder, { recursive: true });
  }
}
