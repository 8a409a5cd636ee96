import { writeFile } from 'node:fs/promises';
import { Stack } from '@framebus/test';
import { PaintedCameras } from './painted-cameras.js';

/*
 * `node serve-wall.js COUNT FPS`, forked by WallServer: the stack and painted cameras, until its parent ends.
 * Its first message is `{url}`; each message to it is answered by `{sent}`.
 */

const [count = 0, fps = 0] = process.argv.slice(2).map(Number);
// Where sessions are scheduled as groups (sched_autogroup of Linux), `nice` is only within the group.
await writeFile('/proc/self/autogroup', '19').catch(() => {});
const stack = await Stack.start({ detectors: 0 });
const cameras = await PaintedCameras.start(stack.bus, count, fps);
process.on('message', () => process.send?.({ sent: cameras.sent }));
process.on('disconnect', async () => {
  cameras[Symbol.dispose]();
  await stack[Symbol.asyncDispose]();
});
process.send?.({ url: stack.url });
