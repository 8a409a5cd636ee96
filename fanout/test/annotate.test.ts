import { readFile } from 'node:fs/promises';
import { repositoryFile } from '@framebus/test';
import sharp from 'sharp';
import t from 'tap';
import { annotate } from '../src/annotate.js';
import { Canvas } from '../src/canvas.js';
import { Labels } from '../src/labels.js';
import { colourOf, colours } from '../src/palette.js';
import { grey, height, person, width } from './detector.js';

t.test('a class has the colour that the viewer page gives it', async (t) => {
  const page = await readFile(repositoryFile('fanout/page/palette.ts'), 'utf8');
  t.same(
    page.match(/'#[0-9a-f]{6}'/g)?.slice(0, colours.length),
    colours.map((c) => `'${c}'`),
  );
});

t.test('boxes that reach over the edge or lie outside are cut off', async (t) => {
  const labels = new Labels();
  const boxes = [
    [-50, -50, 5000, 5000],
    [-30, 100, 20, 120],
    [1000, 1000, 1100, 1100],
    [319, 239, 320, 240],
    [10, 10, 10, 10],
    [200, 200, 100, 100],
    [-1e9, -1e9, 1e9, 1e9],
  ] as const;
  const detections = boxes.map((bbox) => ({ ...person, bbox }));
  const jpeg = await annotate(await grey(), detections, labels);
  const { format, width: w, height: h } = await sharp(jpeg).metadata();
  t.same([format, w, h], ['jpeg', width, height]);
});

t.test('a grey JPEG gets coloured boxes', async (t) => {
  const jpeg = await sharp(await grey())
    .toColourspace('b-w')
    .jpeg()
    .toBuffer();
  t.equal((await sharp(jpeg).metadata()).channels, 1);
  const drawn = await annotate(jpeg, [person], new Labels());
  const { data } = await sharp(drawn).raw().toBuffer({ resolveWithObject: true });
  const at = (130 * width + person.bbox[0]) * 3;
  const [, , blue] = colourOf(person.class_id);
  t.ok(Math.abs((data[at + 2] ?? 0) - blue) < 60);
});

t.test('what is not a picture is an error', async (t) => {
  await t.rejects(annotate(Buffer.from('no picture'), [person], new Labels()));
});

t.test('a label has ink, is as tall as its text, and is rendered once', async (t) => {
  const labels = new Labels();
  const first = labels.render('person: 0.93');
  t.equal(labels.render('person: 0.93'), first);
  const { width: w, height: h, coverage } = await first;
  t.equal(coverage.length, w * h);
  t.ok(h >= 8 && h <= 16 && w > 40, `${w} x ${h}`);
  t.ok(coverage.some((value) => value > 200) && coverage.some((value) => value === 0));
});

t.test('labels may hold any character', async (t) => {
  const labels = new Labels();
  for (const text of ['<b>&amp; "x": 0.50', '人物: 0.93', '\u0000\n: 0.10', 'x'.repeat(500)]) {
    const label = await labels.render(text);
    t.ok(label.width > 10 && label.width < 600, `${label.width} wide`);
  }
});

t.test('no more than 1024 labels are kept', async (t) => {
  const labels = new Labels();
  await labels.render('kept: 0');
  for (let i = 0; i < 1100; i += 1) {
    await labels.render(`x: ${i}`);
    if (i % 100 === 0) labels.render('kept: 0');
  }
  t.equal(labels.size, 1024);
});

t.test('text is blended with what lies under it', async (t) => {
  const canvas = new Canvas(2, 1, Buffer.alloc(6, 100));
  canvas.write({ width: 2, height: 1, coverage: Uint8Array.of(255, 51) }, 0, 0, [200, 0, 100]);
  t.same([...canvas.data], [200, 0, 100, 120, 80, 100]);
});
