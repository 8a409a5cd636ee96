import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Member } from './member.js';
import { checkPorts } from './ports.js';
import { findProgram } from './programs.js';
import { serversReady, servicesReady, startDemo } from './ready.js';
import type { LocalConfig } from './settings.js';
import { stackOf } from './stack.js';

/** The whole of framebus as processes of this machine. Its disposal stops them in the order of the data flow. */
export async function startLocal(
  settings: LocalConfig,
  searchPath: string,
  say: (words: string) => void,
  signal: AbortSignal,
): Promise<AsyncDisposable> {
  const config = { ...settings, dataDir: resolve(settings.dataDir) };
  await checkPorts(config, findProgram('mediamtx', searchPath) !== undefined);
  const logFolder = join(config.dataDir, 'logs');
  await mkdir(logFolder, { recursive: true });
  const groups = stackOf(config, searchPath).map((group) =>
    group.map((spec) => new Member(spec, logFolder, say)),
  );
  const stack = {
    async [Symbol.asyncDispose]() {
      // Cameras and services first: they still have something to say to the servers.
      for (const group of groups.toReversed()) await Promise.all(group.map((m) => m.stop()));
    },
  };
  const [servers = [], services = [], cameras = []] = groups;
  try {
    for (const member of servers) member.start();
    await serversReady(config, signal);
    for (const member of [...services, ...cameras]) member.start();
    await servicesReady(config, signal);
    if (config.demo) await startDemo(config);
  } catch (error) {
    await stack[Symbol.asyncDispose]();
    throw error;
  }
  return stack;
}
