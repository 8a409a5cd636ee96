import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  demoClip,
  makeClip,
  matchBoxes,
  readFrameNumber,
  readGroundTruth,
} from '@framebus/models/clip';
import sharp from 'sharp';
import t from 'tap';
import { drawFrame } from '../../src/clip/draw.js';
import { emptyPicture } from '../../src/clip/picture.js';
import { makeScene } from '../../src/clip/scene.js';
import { decodeFrames, PUBLISHED } from '../frames.js';

const truth = await readGroundTruth(demoClip.truth);

t.test('every frame tells its number after H.264, scaling and JPEG', async (t) => {
  const numbers: (number | undefined)[] = [];
  for await (const rgb of decodeFrames(demoClip.file)) {
    const jpeg = await sharp(rgb, { raw: { ...PUBLISHED, channels: 3 } })
      .jpeg({ quality: 70 })
      .toBuffer();
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
    numbers.push(readFrameNumber(data, info.width, info.height));
  }
  t.same(numbers, [...truth.frames.keys()]);
});

t.test('the number is read at other sizes, and from no other picture', async (t) => {
  for await (const rgb of decodeFrames(demoClip.file, 1)) {
    const picture = sharp(rgb, { raw: { ...PUBLISHED, channels: 3 } });
    for (const width of [320, 640, 1280, 1920]) {
      const height = (width * 9) / 16;
      const scaled = await picture.clone().resize(width, height).raw().toBuffer();
      t.equal(readFrameNumber(scaled, width, height), 0, `${width}x${height}`);
    }
    const upsideDown = await picture.clone().rotate(180).raw().toBuffer();
    t.equal(readFrameNumber(upsideDown, PUBLISHED.width, PUBLISHED.height), undefined);
  }
});

t.test('the end of the clip leads back to its start', async (t) => {
  const first = truth.frames[0]!;
  const last = truth.frames.at(-1)!;
  const { missed, extra } = matchBoxes(first, last, 0.7);
  t.same([missed, extra], [[], []]);
});

t.test('the clip shows several objects of a class at once, and objects that come and go', (t) => {
  const counts = truth.frames.map((frame) => new Set(frame.map((each) => each.class_id)).size);
  t.ok(truth.frames.some((frame, number) => frame.length > counts[number]!));
  t.ok(new Set(truth.frames.map((frame) => frame.length)).size > 2);
  t.ok(truth.frames.flat().some((object) => object.partial));
  t.end();
});

t.test('the same seed gives the same clip, another seed another one', async (t) => {
  const make = async (seed: number) => {
    const out = t.testdir();
    await makeClip({ out, seed, seconds: 0.4 });
    return await Promise.all(['demo.json', 'demo.mp4'].map((name) => readFile(join(out, name))));
  };
  const first = await make(7);
  t.same(await make(7), first);
  t.notSame((await make(8))[0], first[0]);
});

t.test('the truth in the repository is what the seed of the demo clip gives', (t) => {
  const scene = makeScene(1);
  const picture = emptyPicture(truth.width, truth.height);
  const count = truth.frames.length;
  for (let number = 0; number < count; number += 50) {
    t.same(drawFrame(picture, scene, number, count), truth.frames[number], `frame ${number}`);
  }
  t.end();
});

t.test('a clip longer than its frame numbers reach is refused', async (t) => {
  await t.rejects(makeClip({ out: t.testdir(), seed: 1, seconds: 41 }), RangeError);
});
