import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readGroundTruth } from '@framebus/models/clip';
import { makeStreetClip } from '@framebus/models/street';
import { repositoryFile } from '@framebus/test';
import t from 'tap';
import { runPipeline } from '../src/eval/pipeline-run.js';

const main = repositoryFile('bench/dist/src/eval/main.js');
const refusal = (...args: string[]) =>
  promisify(execFile)(process.execPath, [main, ...args]).then(
    () => undefined,
    (error: { code: number; stderr: string }) => ({ code: error.code, words: error.stderr }),
  );

t.test('a model of other classes, an unknown one and a seed of training are refused', async (t) => {
  t.match(await refusal('--model', 'shapes'), {
    code: 1,
    words: /shapes finds red object.*person/,
  });
  t.match(await refusal('--model', 'none'), { code: 1, words: /no model is named "none"/ });
  t.match(await refusal('--seed', '999999'), { code: 1, words: /trained on seeds below 1000000/ });
});

t.test('events are told apart by the frames of the clip that they are of', async (t) => {
  const out = t.testdir();
  await makeStreetClip({
    ...{ out, name: 'clip', seed: 9_000_000, scenes: 3, secondsPerScene: 2, fps: 5 },
    ...{ width: 1280, height: 720, rate: { crf: 26 }, keepFrames: false },
  });
  const truth = await readGroundTruth(join(out, 'clip.json'));
  const detectorEnv = { DETECTOR_MODEL: 'shapes' };
  const file = join(out, 'clip.mp4');
  const run = await runPipeline({ file, truth, detectorEnv, confidence: 0.01 });
  t.comment({ ...run, found: run.found.size });
  t.equal(run.found.size, truth.frames.length, 'every frame of the clip');
  t.ok(run.analysed >= 0.95 * run.published, `${run.analysed} of ${run.published} frames`);
  t.equal(run.unreadable, 0);
  t.ok(
    [...run.found.values()].every((found) => found.length === 0),
    'other classes are left out',
  );
});
