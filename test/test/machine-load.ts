import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';

/** Processor time since the machine started, in ticks: of everything on it, and of this process and all below it. */
interface Ticks {
  readonly all: number;
  readonly own: number;
  readonly atMs: number;
}

/** Of Linux, whatever its kernel's own rate. */
const ticksPerS = 100;

/** Share of the machine's cores, 0 to 1, that others took between two looks; steal by its host is one of them. */
export function othersShare(from: Ticks, to: Ticks): number {
  const others = to.all - from.all - (to.own - from.own);
  const seconds = (to.atMs - from.atMs) / 1_000;
  return Math.max(others, 0) / ticksPerS / seconds / availableParallelism();
}

/** What ended since the last look is taken for others'. */
export async function lookAtMachine(): Promise<Ticks> {
  const [first = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = first
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const processes = await readProcesses();
  const isOwn = (pid: number): boolean =>
    pid === process.pid || (pid > 1 && isOwn(processes.get(pid)?.parent ?? 0));
  const own = [...processes]
    .filter(([pid]) => isOwn(pid))
    .reduce((sum, [, { ticks }]) => sum + ticks, 0);
  return { all: user + nice + system + irq + softirq + steal, own, atMs: performance.now() };
}

async function readProcesses(): Promise<Map<number, { parent: number; ticks: number }>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = pids.map(async (pid) => {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // Fields 4, 14 and 15 of proc_pid_stat(5); the second, in brackets, may have spaces in it.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0, ticks = 0] = [fields[1], (fields[11] ?? 0) + (fields[12] ?? 0)];
    return [Number(pid), { parent, ticks }] as const;
  });
  return new Map(await Promise.all(read));
}
