import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { findModel, listedModel, readModels } from '@framebus/models';
import { demoClip, readGroundTruth } from '@framebus/models/clip';
import t from 'tap';
import { openShapes, shapesLabels } from './shapes.js';

t.test(
  'every file that comes along is there, with the size and hash that the list says',
  async (t) => {
    for (const model of (await readModels()).filter(({ source }) => !source)) {
      const bytes = await readFile(model.file);
      t.ok(isAbsolute(model.file) && isAbsolute(model.labels), model.name);
      t.equal(bytes.length, model.bytes, `${model.name}: size`);
      t.equal(
        createHash('sha256').update(bytes).digest('hex'),
        model.sha256,
        `${model.name}: hash`,
      );
    }
  },
);

t.test('the shapes model is small enough to be committed', async (t) => {
  t.ok((await readFile((await findModel('shapes')).file)).length < 100_000);
});

t.test('an unknown model is refused with the names that exist', async (t) => {
  await t.rejects(findModel('nothing'), {
    code: 'MODEL_UNKNOWN',
    message: 'no model is named "nothing"; there are: shapes, nano, rtdetr_r18vd,',
  });
});

t.test(
  'models that are fetched have a source, and what is pinned says that it is second-hand',
  async (t) => {
    const fetched = (await readModels()).filter(({ source }) => source);
    t.ok(fetched.length > 0);
    for (const { bytes, licence, name, secondHand, sha256, source, style } of fetched) {
      t.match(
        source,
        { repository: /^onnx-community\/\w+(-ONNX)?$/, path: 'onnx/model.onnx' },
        name,
      );
      t.match(source?.revision, secondHand ? /^[0-9a-f]{40}$/ : /^main$/, `${name}: revision`);
      t.equal(sha256 !== undefined || bytes !== undefined, secondHand ?? false, `${name}: pin`);
      t.same([style, licence], ['huggingface', 'Apache-2.0'], name);
    }
  },
);

t.test('the COCO labels are 80, from person to toothbrush', async (t) => {
  const { labels } = await listedModel('dfine_n_coco');
  const names: string[] = JSON.parse(await readFile(labels, 'utf8'));
  t.equal(new Set(names).size, 80);
  t.same([names[0], names[2], names[56], names[79]], ['person', 'car', 'chair', 'toothbrush']);
});

t.test('a model that is not fetched is told with the command that fetches it', async (t) => {
  await t.rejects(findModel('dfine_n_coco', t.testdir()), {
    code: 'MODEL_NOT_FETCHED',
    message: 'model dfine_n_coco is not fetched: npm run models:fetch dfine_n_coco',
  });
});

t.test('the shapes model has the inputs and outputs of an RT-DETR export', async (t) => {
  const session = await openShapes(1);
  const describe = (values: readonly { name: string }[]) =>
    values.map((value) => `${value.name} ${'type' in value ? value.type : ''}`);
  const shapes = [...session.inputMetadata, ...session.outputMetadata].map((value) =>
    value.isTensor ? value.shape : undefined,
  );
  t.same(describe(session.inputMetadata), ['images float32', 'orig_target_sizes int64']);
  t.same(describe(session.outputMetadata), ['labels int64', 'boxes float32', 'scores float32']);
  t.same(shapes, [
    ['N', 3, 640, 640],
    ['N', 2],
    ['N', 300],
    ['N', 300, 4],
    ['N', 300],
  ]);
});

t.test('the clip names its objects as the labels of the model do', async (t) => {
  const labels = await shapesLabels();
  const { frames } = await readGroundTruth(demoClip.truth);
  const seen = new Map(frames.flat().map((object) => [object.class_id, object.class_name]));
  t.same(
    labels.map((_, classId) => seen.get(classId)),
    labels,
  );
});
