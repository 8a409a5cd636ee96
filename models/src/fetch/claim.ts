import { readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Another process fetches the same model. */
export class FetchBusyError extends Error {
  override readonly name = 'FetchBusyError';
  readonly code = 'FETCH_BUSY';
  readonly pid: number;

  constructor(folder: string, pid: number) {
    super(
      `process ${pid} is fetching ${basename(folder)}; when that is no fetch, delete ${partOf(folder, pid)}`,
    );
    this.pid = pid;
  }
}

/** Folder that a process fills. */
export const partOf = (folder: string, pid: number) => `${folder}.part.${pid}`;

/** Parts that no process fills. @throws FetchBusyError when one is being filled */
export async function leftovers(folder: string): Promise<string[]> {
  const prefix = `${basename(folder)}.part`;
  const found: string[] = [];
  for (const name of await readdir(dirname(folder))) {
    const pid = name === prefix ? 0 : Number(/^\.(\d+)$/.exec(name.slice(prefix.length))?.[1]);
    if (!name.startsWith(prefix) || Number.isNaN(pid)) continue;
    // A part with the id of this process was left by an earlier one of the same id.
    if (pid !== 0 && pid !== process.pid && isAlive(pid)) throw new FetchBusyError(folder, pid);
    found.push(join(dirname(folder), name));
  }
  return found;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Renames a folder. @returns false when it is gone, or when the other name is taken */
export async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}
