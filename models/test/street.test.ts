import { iou, readFrameNumber } from '@framebus/models/clip';
import { LABELS, renderMoving } from '@framebus/models/street';
import sharp from 'sharp';
import t from 'tap';
import { visibleObjects } from '../src/street/boxes.js';
import { formatFrame } from '../src/street/format.js';
import { makeFrame } from '../src/street/frame.js';
import { renderStill } from '../src/street/render.js';
import { makeScene } from '../src/street/scene.js';

const [width, height] = [640, 360] as const;
const light = [1, 1, 1] as const;
const square = (x1: number, y1: number, x2: number, y2: number) => ({
  points: [x1, y1, x2, y1, x2, y2, x1, y2],
  fill: light,
});

t.test('the same seed gives the same picture and truth, another seed another', async (t) => {
  const [one, again, other] = await Promise.all(
    [9_100_000, 9_100_000, 9_100_001].map((seed) => renderStill(seed, width, height)),
  );
  t.ok(Buffer.compare(one!.picture.rgb, again!.picture.rgb) === 0);
  t.same(one!.objects, again!.objects);
  t.notSame(one!.objects, other!.objects);
  t.not(Buffer.compare(one!.picture.rgb, other!.picture.rgb), 0);
});

t.test('every class appears, most objects whole, boxes within the picture', (t) => {
  const objects = Array.from({ length: 40 }, (_, i) => {
    const frame = makeFrame(makeScene(9_200_000 + i, width, height), 0);
    return visibleObjects(frame.things, width, height);
  }).flat();
  for (const [id, label] of LABELS.entries()) {
    const whole = objects.filter((object) => object.class_id === id && !object.partial);
    t.ok(whole.length >= 10, `${whole.length} of ${label}`);
    t.ok(whole.every((object) => object.class_name === label));
  }
  t.ok(objects.filter((object) => object.partial).length < objects.length / 3);
  t.ok(
    objects.every(
      ({ bbox: [x1, y1, x2, y2] }) =>
        x1 >= 0 && y1 >= 0 && x2 <= width && y2 <= height && x1 < x2 && y1 < y2,
    ),
  );
  t.end();
});

t.test('a box holds the pixels that change when its object is taken away', async (t) => {
  let checked = 0;
  for (let seed = 9_300_000; seed < 9_300_006; seed++) {
    const scene = makeScene(seed, width, height);
    const frame = makeFrame(scene, 0);
    const draw = (things: typeof frame.things) =>
      sharp(Buffer.from(formatFrame(scene, { ...frame, things })))
        .removeAlpha()
        .raw()
        .toBuffer();
    const full = await draw(frame.things);
    for (const thing of frame.things.filter((each) => each.classId !== undefined).slice(0, 3)) {
      const changed = changedBox(full, await draw(frame.things.filter((each) => each !== thing)));
      const others = frame.things.map((each) => (each === thing ? each : withoutClass(each)));
      const [object] = visibleObjects(others, width, height);
      if (!object || object.partial || thing.parts.some((part) => part.ghost)) continue;
      checked++;
      // Where edges are half covered the picture changes one pixel further out.
      object.bbox.forEach((side, i) => {
        t.ok(
          Math.abs(side - changed[i]!) <= 3,
          `${seed} ${object.class_name}: ${object.bbox} and ${changed}`,
        );
      });
    }
  }
  t.ok(checked >= 8, `${checked} objects`);
});

t.test('what covers an object is not in its box, and most of it covered makes it partial', (t) => {
  const thing = (classId: number | undefined, ...parts: ReturnType<typeof square>[]) => ({
    parts,
    depth: 1,
    light,
    ...(classId !== undefined && { classId }),
  });
  const car = thing(1, square(100, 100, 200, 150));
  const seen = (...things: ReturnType<typeof thing>[]) => visibleObjects(things, 1280, 720);
  t.match(seen(car), [{ class_id: 1, bbox: [100, 100, 200, 150] }]);
  t.match(seen(car, thing(undefined, square(90, 90, 160, 160))), [{ bbox: [160, 100, 200, 150] }]);
  t.notOk(seen(car, thing(undefined, square(90, 90, 160, 160)))[0]?.partial);
  t.match(seen(car, thing(0, square(90, 90, 180, 160))), [{ partial: true }, { class_id: 0 }]);
  t.match(seen(thing(1, square(-90, 100, 10, 150))), [{ bbox: [0, 100, 10, 150], partial: true }]);
  t.match(seen(thing(1, square(100, 100, 109, 150))), [{ partial: true }], 'under 10 pixels');
  t.same(seen(car, thing(2, square(50, 50, 300, 300))).length, 1, 'hidden ones are none');
  t.end();
});

t.test('a moving scene moves on smoothly', async (t) => {
  const options = { seed: 9_400_001, scenes: 1, secondsPerScene: 1, fps: 10, width, height };
  const frames = [];
  for await (const frame of renderMoving(options)) frames.push(frame);
  t.equal(frames.length, 10);
  const numbers = frames.map(({ picture }) => readFrameNumber(picture.rgb, width, height));
  t.same(numbers, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  let moved = 0;
  for (const [i, { objects, picture }] of frames.entries()) {
    const next = frames[i + 1];
    if (!next) break;
    t.ok(meanChange(picture.rgb, next.picture.rgb) < 12, 'pictures change little');
    for (const object of objects.filter((each) => !each.partial)) {
      const best = Math.max(
        ...next.objects
          .filter((each) => each.class_id === object.class_id)
          .map((each) => iou(each.bbox, object.bbox)),
        0,
      );
      if (best < 1) moved++;
      const side = Math.max(object.bbox[2] - object.bbox[0], object.bbox[3] - object.bbox[1]);
      if (side > 30) t.ok(best > 0.25, `frame ${i}: ${object.class_name} is near where it was`);
    }
  }
  t.ok(moved > 5, `${moved} boxes moved`);
});

function withoutClass(thing: ReturnType<typeof makeFrame>['things'][number]) {
  const { classId: _, ...rest } = thing;
  return rest;
}

/** The box around the pixels in which two pictures clearly differ. */
function changedBox(one: Uint8Array, other: Uint8Array): [number, number, number, number] {
  const box: [number, number, number, number] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const apart = [0, 1, 2].reduce((sum, i) => sum + Math.abs(one[at + i]! - other[at + i]!), 0);
      if (apart < 6) continue;
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x + 1);
      box[3] = Math.max(box[3], y + 1);
    }
  }
  return box;
}

function meanChange(one: Uint8Array, other: Uint8Array): number {
  return one.reduce((sum, level, i) => sum + Math.abs(level - other[i]!), 0) / one.length;
}
