import { readFile } from 'node:fs/promises';
import { Child, publishFile, Stack, until } from '@framebus/test';
import type { Row } from './row.js';
import { cpuMs, sleep } from './statistics.js';

/** Until V8 has compiled what runs for each frame. */
const warmUpSeconds = 120;
const seconds = 40;

/**
 * CPU of ingest and its ffmpeg for one camera that has run for a while, over ffmpeg alone with the same filters and encoder,
 * at the same time.
 */
export async function ingestCpu(): Promise<Row> {
  await using stack = await Stack.start({ detectors: 0 });
  await using _camera = await publishFile(stack.rtspUrl('camera'));
  await stack.startSession('camera', stack.rtspUrl('camera'), { fps: 10 });
  const ingest = stack.ingests[0]?.process.pid;
  let frames = 0;
  stack.bus.connection.subscribe('frames.camera', { callback: () => frames++ });
  await until('frames', () => frames > 20, { timeoutMs: 60_000 });
  const { ffmpeg, args } = await until('ingest runs ffmpeg', () => childWith(ingest, '-vf'));
  const option = (name: string) => [name, args[args.indexOf(name) + 1] ?? ''];
  await using alone = await Child.start('ffmpeg', [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-rtsp_transport', 'tcp'],
    ...['-use_wallclock_as_timestamps', '1', '-i', stack.rtspUrl('camera'), '-an', '-copyts'],
    ...[...option('-vf'), '-fps_mode', 'passthrough', '-enc_time_base', '1:1000'],
    ...['-c:v', 'mjpeg', ...option('-q:v'), '-threads', '1', '-f', 'null', '-'],
  ]);
  await sleep(1_000 * warmUpSeconds);
  const pids = [ingest, ffmpeg, alone.process.pid];
  const cpu = () => Promise.all(pids.map(cpuMs));
  const [before, wokenBefore] = [await cpu(), await wakeUps(ingest)];
  await sleep(1_000 * seconds);
  const [after, woken] = [await cpu(), (await wakeUps(ingest)) - wokenBefore];
  const [node = 0, decoding = 0, theirs = 0] = after.map((ms, i) => ms - (before[i] ?? 0));
  const mine = node + decoding;
  const share = (ms: number) => `${(ms / (10 * seconds)).toFixed(1)} %`;
  return {
    what: 'CPU of ingest and its ffmpeg, one camera of 800 × 450 at 10 fps from RTSP to frames on NATS, over ffmpeg alone to null with the same filters and encoder',
    measured: `${(mine / theirs).toFixed(2)} × (ingest ${share(node)} and its ffmpeg ${share(decoding)} over ${share(theirs)} of a core, ${seconds} s side by side, after ${warmUpSeconds} s; ingest woke ${(woken / seconds).toFixed(0)} times a second)`,
    bar: '≤ 1.15 ×',
    reached: mine / theirs <= 1.15,
  };
}

/** How often the main thread of a process went to sleep so far, from Linux's /proc. */
async function wakeUps(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1]);
}

/** The child of a process that has such an argument. */
async function childWith(parent: number | undefined, argument: string) {
  const children = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8');
  for (const child of children.trim().split(' ').map(Number)) {
    const args = (await readFile(`/proc/${child}/cmdline`, 'utf8')).split('\0');
    if (args.includes(argument)) return { ffmpeg: child, args };
  }
  return undefined;
}
