import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@framebus/test';
import t from 'tap';
import { Cooldowns } from '../src/cooldowns.js';
import { Counters } from '../src/counters.js';
import { drawingQueue } from '../src/drawing.js';
import { FrameCache } from '../src/frame-cache.js';
import { FrameResult } from '../src/frame-result.js';
import { Labels } from '../src/labels.js';
import { Detector, grey } from './detector.js';

const frame = (frameIndex: number, bytes: number) => ({
  ...{ frameIndex, capturedAt: 1, width: 1, height: 1 },
  jpeg: randomBytes(bytes),
});

t.test('the newest 32 frames are kept', async (t) => {
  const cache = new FrameCache();
  for (let index = 1; index <= 100; index += 1) cache.add(frame(index, 10));
  t.equal(cache.size, 32);
  t.equal(cache.jpeg(68), undefined);
  t.equal(cache.jpeg(69)?.length, 10);
  t.equal(cache.jpeg(100)?.length, 10);
});

t.test('of large frames no more than 16 MiB are kept', async (t) => {
  const cache = new FrameCache();
  for (let index = 1; index <= 10; index += 1) cache.add(frame(index, 4 * 1024 * 1024));
  t.equal(cache.size, 4);
  cache.add(frame(10, 5));
  t.equal(cache.size, 4, 'the same frame again takes the place of the first');
  t.equal(cache.jpeg(10)?.length, 5);
  cache.add(frame(11, 17 * 1024 * 1024));
  t.equal(cache.size, 0, 'one that is larger alone is not kept');
});

t.test('results leave drawing in order, with at most two pictures drawn at once', async (t) => {
  const counters = new Counters();
  const delivered: FrameResult[] = [];
  const drawing = drawingQueue(new Labels(), (result) => delivered.push(result), counters);
  const jpeg = await grey();
  for (let index = 1; index <= 20; index += 1) {
    const event = Detector.prototype.event('a', index);
    drawing.push(new FrameResult(event, jpeg, counters), true);
  }
  t.equal(delivered.length, 0);
  await until('all are delivered', () => delivered.length === 20);
  t.same(
    delivered.map(({ event }) => event.frame_index),
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
  t.equal(delivered.filter(({ drawn }) => drawn).length, 2);
  t.equal(counters.drawn, 2);
  t.equal(counters.undrawn, 18);
  drawing.push(
    new FrameResult(Detector.prototype.event('a', 21), Buffer.from('x'), counters),
    true,
  );
  await until('the last is delivered', () => delivered.length === 21);
  t.equal(delivered[20]?.drawn, null, 'what cannot be decoded goes without a picture');
  t.equal(counters.undrawn, 19);
});

t.test('a cool-down ends, and no more than 10,000 are kept', async (t) => {
  const cooldowns = new Cooldowns();
  t.equal(cooldowns.begin('a', 50), true);
  t.equal(cooldowns.begin('a', 50), false);
  await sleep(60);
  t.equal(cooldowns.begin('a', 60_000), true);
  for (let i = 0; i < 10_000; i += 1) cooldowns.begin(`${i}`, 60_000);
  t.equal(cooldowns.begin('a', 60_000), true, 'the oldest was forgotten');
});
