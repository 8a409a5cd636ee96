import { readFile } from 'node:fs/promises';
import { sleep } from '../statistics.js';
import { between, type Fault, oneOf, type Part } from './fault.js';
import type { Rig } from './rig.js';

function processes(rig: Rig, kind: string): number[] {
  const pids = [...rig.members].filter(([name]) => name.startsWith(kind)).map(([, m]) => m.pid);
  return pids.filter((pid) => pid !== undefined);
}

export function kill(kind: Part): Fault {
  return {
    name: `${kind} killed`,
    part: kind,
    run: async (rig, random) => {
      const pids = processes(rig, kind);
      if (pids.length > 0) signal(oneOf(pids, random), 'SIGKILL');
    },
  };
}

/** @param mostMs longest that it stands still */
export function stop(kind: Part, mostMs = 4_000): Fault {
  return {
    name: `${kind} stopped for a while`,
    part: kind,
    run: async (rig, random) => {
      const pid = kind === 'NATS' ? rig.nats.pid : oneOf(processes(rig, kind), random);
      if (pid !== undefined) await pause(pid, between(1_000, mostMs, random));
    },
  };
}

/** Of ffmpeg, which decodes what an ingest reads. */
export function decoder(name: string, run: (pid: number) => Promise<void>): Fault {
  return {
    name,
    part: 'ingest',
    run: async (rig, random) => {
      const found = await Promise.all(processes(rig, 'ingest').map(childrenOf));
      const pids = found.flat();
      if (pids.length > 0) await run(oneOf(pids, random));
    },
  };
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

/** SIGSTOP and SIGCONT. A process may have been ended meanwhile by who keeps it. */
export async function pause(pid: number, ms: number): Promise<void> {
  signal(pid, 'SIGSTOP');
  await sleep(ms);
  signal(pid, 'SIGCONT');
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {}
}
