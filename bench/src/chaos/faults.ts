import { sleep } from '../statistics.js';
import type { Camera } from './camera.js';
import { between, type Fault, oneOf, type Part } from './fault.js';
import { decoder, kill, pause, signal, stop } from './process-faults.js';
import type { Rig } from './rig.js';

function camera(name: string, run: (camera: Camera, random: () => number) => Promise<void>): Fault {
  return { name, part: 'camera', run: (rig, random) => run(oneOf(rig.cameras, random), random) };
}

function network(
  name: string,
  part: Part,
  run: (rig: Rig, random: () => number) => Promise<void>,
): Fault {
  return { name, part, run };
}

function clock(name: string, aheadMs: number): Fault {
  return {
    name,
    part: 'clock',
    run: async (rig, random) => {
      const services = [...rig.members.keys()].filter((kind) =>
        /ingest|detector|fanout/.test(kind),
      );
      const one = oneOf(services, random);
      await rig.stepClock(one, aheadMs);
      await sleep(4_000);
      await rig.stepClock(one, 0);
    },
  };
}

/** Every kind that a run has, each at least once where there is time. */
export const faults: readonly Fault[] = [
  kill('ingest'),
  kill('detector'),
  kill('fanout'),
  kill('gateway'),
  kill('relay'),
  {
    name: 'nats-server killed',
    part: 'NATS',
    run: async (rig, random) => {
      await rig.nats.kill();
      await sleep(between(0, 1_500, random));
      await rig.nats.up();
    },
  },
  // Up to beyond its lease: another one takes over meanwhile.
  stop('ingest', 9_000),
  stop('detector'),
  stop('fanout'),
  stop('gateway'),
  stop('relay'),
  stop('NATS', 3_000),
  decoder("an ingest's ffmpeg killed", async (pid) => signal(pid, 'SIGKILL')),
  decoder("an ingest's ffmpeg stopped for a while", (pid) => pause(pid, 3_000)),
  clock('clock of a service a minute ahead', 60_000),
  clock('clock of a service a minute behind', -60_000),
  camera('camera gone', async (one, random) => {
    await one.down();
    await sleep(between(500, 3_000, random));
    await one.up();
  }),
  camera('camera frozen, connection open', async (one, random) => {
    one.freeze();
    await sleep(between(1_000, 5_000, random));
    one.thaw();
  }),
  camera('camera of another size', async (one) => {
    await one.down();
    await one.up(one.size === '320x180' ? '480x270' : '320x180');
  }),
  network('corrupt packets of cameras', 'camera', async (rig, random) => {
    rig.rtspProxy.set({
      spoil: (piece) => {
        if (random() < 0.2) piece[Math.floor(random() * piece.length)] = random() * 256;
      },
    });
    await sleep(2_000);
    rig.rtspProxy.set({});
  }),
  network('cut to cameras', 'camera', async (rig, random) => {
    rig.rtspProxy.set({ cut: true });
    await sleep(between(200, 2_000, random));
    rig.rtspProxy.set({});
  }),
  network('delay to cameras', 'camera', async (rig, random) => {
    rig.rtspProxy.set({ delayMs: between(50, 300, random) });
    await sleep(3_000);
    rig.rtspProxy.set({});
  }),
  network('cut to NATS', 'NATS', async (rig, random) => {
    rig.natsProxy.set({ cut: true });
    await sleep(between(200, 2_000, random));
    rig.natsProxy.set({});
  }),
  network('delay to NATS', 'NATS', async (rig, random) => {
    rig.natsProxy.set({ delayMs: between(20, 150, random) });
    await sleep(3_000);
    rig.natsProxy.set({});
  }),
  network('NATS silent, connections open', 'NATS', async (rig, random) => {
    rig.natsProxy.set({ frozen: true });
    await sleep(between(500, 2_500, random));
    rig.natsProxy.set({});
  }),
];

/** Every kind in a random order, again and again. */
export function schedule(count: number, random: () => number, kinds: readonly Fault[]): Fault[] {
  const planned: Fault[] = [];
  while (planned.length < count) {
    const round = kinds.map((fault) => ({ fault, at: random() })).sort((a, b) => a.at - b.at);
    planned.push(...round.map(({ fault }) => fault));
  }
  return planned.slice(0, count);
}
