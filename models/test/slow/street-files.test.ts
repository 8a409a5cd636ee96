import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFrameNumber, readGroundTruth } from '@framebus/models/clip';
import { LABELS, type MovingOptions, makeStreetClip } from '@framebus/models/street';
import t from 'tap';
import { decodeStills } from '../../src/street/decoded.js';
import { makeStills } from '../../src/street/stills.js';
import { decodeFrames } from '../frames.js';

const [width, height] = [640, 360] as const;

t.test('stills are the same from one thread and from two', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'framebus-street-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const options = {
    count: 3,
    seed: 9_500_000,
    width: 320,
    height: 180,
    damage: 'mixed',
    format: 'jpg',
  } as const;
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  await makeStills({ ...options, out: one, workers: 1 });
  await makeStills({ ...options, out: two, workers: 2 });
  t.same(await readdir(join(one, 'images')), ['000000.jpg', '000001.jpg', '000002.jpg']);
  for (const file of [
    'truth.json',
    'images/000000.jpg',
    'images/000001.jpg',
    'images/000002.jpg',
  ]) {
    t.same(await readFile(join(one, file)), await readFile(join(two, file)), file);
  }
  const truth = JSON.parse(await readFile(join(one, 'truth.json'), 'utf8'));
  t.match(truth, { width: 320, height: 180, labels: [...LABELS] });
  t.equal(truth.images.length, 3);
});

t.test(
  'a clip shows its frame numbers after H.264, and gives stills at another size',
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'framebus-street-'));
    t.teardown(() => rm(folder, { recursive: true }));
    const moving: MovingOptions = {
      seed: 9_600_000,
      scenes: 2,
      secondsPerScene: 0.6,
      fps: 5,
      width: 1280,
      height: 720,
    };
    await makeStreetClip({
      ...moving,
      out: folder,
      name: 'clip',
      rate: { crf: 28 },
      keepFrames: true,
    });
    const truth = await readGroundTruth(join(folder, 'clip.json'));
    t.equal(truth.frames.length, 6);
    t.equal((await readdir(join(folder, 'frames'))).length, 6);
    const numbers = [];
    for await (const rgb of decodeFrames(join(folder, 'clip.mp4')))
      numbers.push(readFrameNumber(rgb, 800, 450));
    t.same(numbers, [0, 1, 2, 3, 4, 5]);
    const out = join(folder, 'stills');
    await decodeStills({ clip: folder, out, every: 2, width, height });
    const stills = JSON.parse(await readFile(join(out, 'truth.json'), 'utf8'));
    t.equal((await readdir(join(out, 'images'))).length, 3);
    const half = truth.frames[2]![0]!.bbox.map((side) => side / 2);
    t.same(stills.images[1].objects[0].bbox, half);
  },
);

t.test('a clip longer than its frame numbers reach is refused', async (t) => {
  const moving = { seed: 1, scenes: 103, secondsPerScene: 1, fps: 10, width, height };
  const rest = { out: tmpdir(), name: 'never', rate: { crf: 28 }, keepFrames: false };
  await t.rejects(makeStreetClip({ ...moving, ...rest }), RangeError);
});
