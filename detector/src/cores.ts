import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { availableParallelism, hostname } from 'node:os';
import { join } from 'node:path';

/** The cores that this process may use. */
export interface Cores {
  /** With a part of one where a quota says so. */
  readonly count: number;
  /** The same for all processes that may use the same ones, containers included; a token of a subject. */
  readonly pool: string;
}

/**
 * The cores of the machine, or those that affinity (cpuset) leaves, or the quota of the control group (`docker --cpus`),
 * which Node itself does not look at. Processes of one machine share the cores that their affinity names, and those of
 * one control group its quota.
 */
export async function readCores(root = '/'): Promise<Cores> {
  const group = await readGroup(root);
  const count = availableParallelism();
  const limited = group !== undefined && group.quota < count;
  const names = [
    // Containers have host names of their own, but one kernel.
    (await read(root, 'proc/sys/kernel/random/boot_id')) ?? hostname(),
    /^Cpus_allowed_list:\s*(.*)$/m.exec((await read(root, 'proc/self/status')) ?? '')?.[1] ?? '',
    limited ? group.name : '',
  ];
  const pool = createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 16);
  return { count: limited ? group.quota : count, pool };
}

interface Group {
  /** Cores. */
  readonly quota: number;
  readonly name: string;
}

/** The smallest quota of the process's control groups. Source: Linux, cgroup-v2.rst, `cpu.max`; sched-bwc.rst for v1. */
async function readGroup(root: string): Promise<Group | undefined> {
  const lines = (await read(root, 'proc/self/cgroup'))?.split('\n') ?? [];
  const paths = lines.map((line) => line.split(':'));
  const [, , v2 = '/'] = paths.find(([id]) => id === '0') ?? [];
  const [, , v1 = '/'] = paths.find(([, kinds]) => kinds?.split(',').includes('cpu')) ?? [];
  const namespace = await readlink(join(root, 'proc/self/ns/cgroup')).catch(() => '');
  let least: Group | undefined;
  for (const [folder, path, read] of [
    ['sys/fs/cgroup', v2, readV2],
    ['sys/fs/cgroup/cpu', v1, readV1],
  ] as const) {
    for (const each of upwards(path)) {
      const quota = await read(root, join(folder, each));
      if (quota > 0 && quota < (least?.quota ?? Number.POSITIVE_INFINITY)) {
        least = { quota, name: `${namespace} ${folder} ${each}` };
      }
    }
  }
  return least;
}

/** `/a/b`, `/a`, `/`: a container may see its group as the root, whatever its name. */
function upwards(path: string): string[] {
  const parts = path.split('/').filter(Boolean);
  return Array.from(
    { length: parts.length + 1 },
    (_, i) => `/${parts.slice(0, parts.length - i).join('/')}`,
  );
}

async function readV2(root: string, group: string): Promise<number> {
  const [quota, period] = ((await read(root, join(group, 'cpu.max'))) ?? 'max').split(' ');
  return Number(quota) / Number(period);
}

async function readV1(root: string, group: string): Promise<number> {
  const quota = await read(root, join(group, 'cpu.cfs_quota_us'));
  return Number(quota) / Number(await read(root, join(group, 'cpu.cfs_period_us')));
}

/** undefined where there is no such file, as on systems other than Linux. */
function read(root: string, path: string): Promise<string | undefined> {
  return readFile(join(root, path), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}
