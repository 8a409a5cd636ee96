import { readdir, readFile } from 'node:fs/promises';

/** Kills the processes, this one aside, that have `mark` in their environment. Resolves with their command lines. */
export async function killMarked(mark: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    if (!(await read('environ')).includes(mark)) continue;
    found.push((await read('cmdline')).replaceAll('\0', ' '));
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {}
  }
  return found;
}
