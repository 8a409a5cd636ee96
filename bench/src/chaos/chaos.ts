import { NatsServer } from '@framebus/test';
import { quantile, residentMiB, sleep } from '../statistics.js';
import { type Ledger, readLedger, Tickets } from './events.js';
import type { Fault, Part } from './fault.js';
import { faults, schedule } from './faults.js';
import { NatsClock } from './nats-clock.js';
import { cameraNames, Rig } from './rig.js';
import { seeded } from './seeded.js';
import { SmallDisk } from './store.js';

/** Longest time to wait for a recovery. */
const giveUpMs = 60_000;
/** Between a recovery and the next fault at least. */
const settleMs = 500;

export interface Happened {
  readonly fault: Fault;
  /** ms since the epoch. */
  readonly began: number;
  readonly ended: number;
  /** From the end of the fault until every viewer had a result of a frame captured after it; Infinity: never. */
  readonly recoveryMs: number;
}

export interface Outcome {
  readonly seed: number;
  readonly tookMs: number;
  readonly happened: readonly Happened[];
  readonly ledger: Ledger;
  /** Frames that NATS saw, and results that viewers got. */
  readonly frames: number;
  readonly results: number;
  readonly orderBreaks: number;
  readonly repeats: number;
  readonly reconnects: number;
  readonly sessionsLost: number;
  readonly left: readonly string[];
  /** By kind of process: largest after the first fault and at the end, in MiB. */
  readonly memory: ReadonlyMap<string, { readonly early: number; readonly late: number }>;
  readonly notDone: readonly string[];
}

export interface Run {
  readonly seed: number;
  readonly minutes: number;
  readonly count: number;
  /** Only faults whose names match. */
  readonly only?: RegExp;
  /** A nats-server whose clock can be stepped, see bench/nats-clock/build.sh. */
  readonly natsServer?: string | undefined;
}

/** Runs the stack under load for `minutes` while `count` faults come at times and to processes that `seed` decides. */
export async function chaos(
  { seed, minutes, count, only = /./, natsServer }: Run,
  say: (words: string) => void = () => {},
): Promise<Outcome> {
  const random = seeded(seed);
  await using disk = await SmallDisk.mount();
  await using clock = natsServer === undefined ? undefined : await NatsClock.create(natsServer);
  const notDone: string[] = [];
  if (disk === undefined) notDone.push('disk of JetStream full: a tmpfs could not be mounted');
  if (clock === undefined) notDone.push("nats-server's clock stepped: that takes Go");
  const kinds = [...faults, ...(disk ? [disk.full] : []), ...(clock?.faults ?? [])];
  const wanted = kinds.filter(({ name }) => only.test(name));
  if (wanted.length === 0) throw new Error(`no fault's name matches ${only}`);
  const options = clock?.options ?? {};
  const rig = await Rig.start(await (disk?.server(options) ?? NatsServer.start(options)));
  let frames = 0;
  try {
    rig.bus.connection.subscribe('frames.*', { callback: () => frames++ });
    const tickets = new Tickets(rig.bus);
    const early = await memoryOf(rig);
    const planned = schedule(count, random, wanted);
    const began = performance.now();
    const happened: Happened[] = [];
    for (const [i, fault] of planned.entries()) {
      const dueMs = ((i + random()) * 60_000 * minutes) / count;
      await sleep(Math.max(settleMs, dueMs - (performance.now() - began)));
      happened.push(await suffer(rig, fault, random));
      const { recoveryMs } = happened.at(-1) as Happened;
      say(`${i + 1}/${count} ${fault.name}: ${Math.round(recoveryMs)} ms`);
    }
    await sleep(3_000);
    const tookMs = performance.now() - began;
    const running = await rig.running().catch((): string[] => []);
    const late = await memoryOf(rig);
    const ledger = await readLedger(rig.bus, tickets);
    const sum = (of: 'results' | 'orderBreaks' | 'repeats' | 'reconnects') =>
      rig.watchers.reduce((total, watcher) => total + watcher[of], 0);
    return {
      ...{ seed, tookMs, happened, ledger, frames, notDone },
      ...{ results: sum('results'), orderBreaks: sum('orderBreaks'), repeats: sum('repeats') },
      reconnects: sum('reconnects'),
      sessionsLost: cameraNames.filter((name) => !running.includes(name)).length,
      left: await rig.end(),
      memory: new Map([...early].map(([k, mib]) => [k, { early: mib, late: late.get(k) ?? 0 }])),
    };
  } finally {
    await rig[Symbol.asyncDispose]();
  }
}

async function suffer(rig: Rig, fault: Fault, random: () => number): Promise<Happened> {
  const began = Date.now();
  await fault.run(rig, random);
  const ended = Date.now();
  const recovered = () =>
    rig.watchers.every(({ capturedAt }) => capturedAt > ended && capturedAt < Date.now() + 1_000);
  while (!recovered() && Date.now() - ended < giveUpMs) await sleep(10);
  const recoveryMs = recovered() ? Date.now() - ended : Number.POSITIVE_INFINITY;
  return { fault, began, ended, recoveryMs };
}

async function memoryOf(rig: Rig): Promise<Map<string, number>> {
  const all: [string, number | undefined][] = [...rig.members].map(([name, m]) => [name, m.pid]);
  const found = new Map<string, number>();
  for (const [name, pid] of [...all, ['nats-server', rig.nats.pid] as const]) {
    const kind = name.replace(/-\d$/, '');
    const mib = await residentMiB(pid).catch(() => 0);
    found.set(kind, Math.max(mib, found.get(kind) ?? 0));
  }
  return found;
}

/** Recovery times of a part's faults, in ms. */
export function recoveries(happened: readonly Happened[], part: Part): number[] {
  return happened.filter(({ fault }) => fault.part === part).map(({ recoveryMs }) => recoveryMs);
}

export const p50 = (values: readonly number[]) => quantile(values, 0.5);
