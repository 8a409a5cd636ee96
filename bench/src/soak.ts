import { publishFile, Stack, videoKey } from '@framebus/test';
import { demoPictures, Feed } from '@framebus/test/feed';
import { WebSocket } from 'ws';
import type { Row } from './row.js';
import { quantile, residentMiB, sleep } from './statistics.js';

const cameras = 4;
const fps = 30;
const settleMinutes = 5;
const everyMs = 5_000;

/** How much a process may be larger at the end than after the settling: a factor, and MiB. */
export interface Growth {
  readonly factor: number;
  readonly stepMiB: number;
}

/** A heap and the index of a stream that still fills grow by steps, which in a small process are more than a share. */
export const alone: Growth = { factor: 1.05, stepMiB: 4 };

/**
 * Beside other work the load comes and goes, and the heaps of V8 and malloc with it. What leaks in each frame or
 * message is more than this after tens of thousands of them.
 */
export const shared: Growth = { factor: 1.25, stepMiB: 16 };

/**
 * Full load for a while: a saturated detector, a camera over RTSP, four viewers. A process does not grow when the
 * median of its resident memory over the last sixth is at most `growth` above that of the sixth after five minutes.
 */
export async function soak({ factor, stepMiB }: Growth, minutes = 30): Promise<Row[]> {
  const pictures = await demoPictures(50);
  await using stack = await Stack.start();
  await using _camera = await publishFile(stack.rtspUrl('camera'));
  await stack.startSession('camera', stack.rtspUrl('camera'), { fps: 10 });
  const viewers = ['json', 'json', 'msgpack', 'msgpack'].map((protocol) => watch(stack, protocol));
  let events = 0;
  stack.bus.connection.subscribe('detections.*', { callback: () => events++ });
  using feed = new Feed(stack.bus, cameras, fps, pictures);
  await sleep(60_000 * Math.min(settleMinutes, minutes / 3));
  const measureMs = 60_000 * (minutes - Math.min(settleMinutes, minutes / 3));
  const samples = new Map([...stack.processes].map(([name]) => [name, [] as number[]]));
  const [eventsBefore, offeredBefore] = [events, feed.offered];
  for (let elapsed = 0; elapsed < measureMs; elapsed += everyMs) {
    for (const [name, pid] of stack.processes) samples.get(name)?.push(await residentMiB(pid));
    await sleep(everyMs);
  }
  const overload = (cameras * (feed.offered - offeredBefore)) / (events - eventsBefore);
  for (const viewer of viewers) viewer.terminate();
  return [...samples].map(([name, values]) => {
    const sixth = Math.max(1, Math.floor(values.length / 6));
    const sixths = Array.from({ length: 6 }, (_, i) =>
      quantile(values.slice(i * sixth, (i + 1) * sixth), 0.5),
    );
    const [early, late] = [sixths[0] as number, sixths[5] as number];
    return {
      what: `memory of ${name}, ${minutes} minutes, ${overload.toFixed(1)} times what the detector can do`,
      measured: `${sixths.map((mib) => mib.toFixed(0)).join(', ')} MiB, medians of the sixths of the time after minute ${Math.min(settleMinutes, minutes / 3).toFixed(0)}`,
      bar: `last ≤ ${factor} × first + ${stepMiB} MiB`,
      reached: late <= factor * early + stepMiB,
    };
  });
}

function watch(stack: Stack, protocol: string): WebSocket {
  const base = stack.url.replace('http', 'ws');
  const socket = new WebSocket(`${base}/ws/stream/camera?apikey=${videoKey}`, protocol);
  socket.on('error', () => {});
  return socket;
}
