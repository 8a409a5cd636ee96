import { once } from 'node:events';
import { Child, repositoryFile } from '@framebus/test';

/** No proxy of the machine that tests run on gets between. */
const noProxies = Object.fromEntries(
  ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [
    [name, ''],
    [name.toUpperCase(), ''],
  ]),
);

/** Starts a command of models, `fetch` or `list`, as a process. */
export function startCommand(
  name: 'fetch' | 'list',
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Child> {
  const script = repositoryFile(`models/dist/src/${name}/main.js`);
  return Child.start(process.execPath, [script, ...args], { ...noProxies, ...env });
}

/** Exit code of a command, once it said everything. */
export async function exitOf({ process: { exitCode, stderr, stdout }, process }: Child) {
  if (exitCode === null && process.signalCode === null) await once(process, 'exit');
  for (const stream of [stdout, stderr]) if (stream?.readable) await once(stream, 'close');
  return process.exitCode;
}

/** Runs a command to its end. */
export async function runCommand(...command: Parameters<typeof startCommand>) {
  await using child = await startCommand(...command);
  return { code: await exitOf(child), output: child.output };
}
