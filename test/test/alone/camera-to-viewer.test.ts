import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { demoClip } from '@framebus/models/clip';
import { GstRtspServer, grows, publishFile, Stack, until, type Viewer } from '@framebus/test';
import t, { type Test } from 'tap';
import { scoreAgainstTruth } from '../truth.js';

async function showsTheTruth(t: Test, viewer: Viewer): Promise<void> {
  const results = () => viewer.of('frame_result');
  await until('100 frames', () => results().length >= 100, { timeoutMs: 60_000, everyMs: 200 });
  const withPictures = results().filter((message) => message.frame);
  t.ok(withPictures.length >= 0.95 * results().length, 'events come with their pictures');
  t.ok(grows(viewer.frameIndexes), 'frame indexes only grow');
  const score = await scoreAgainstTruth(withPictures);
  t.comment(score);
  t.ok(score.objects > 300, `${score.objects} objects`);
  t.ok(score.recall >= 0.95, `found ${(100 * score.recall).toFixed(1)} % at IoU 0.7`);
  t.ok(score.extra <= 0.02 * score.objects, `${score.extra} boxes too many`);
  const [info] = viewer.of('stream_info');
  t.same(info?.info, { width: 800, height: 450, fps: 10 });
}

t.test('what a viewer sees of a camera is the truth, at our relay and at another', async (t) => {
  await using stack = await Stack.start();
  // GStreamer's server reads Matroska, and a clip that ends would be a camera that goes away.
  const clip = join(t.testdir(), 'demo.mkv');
  const loop = ['-v', 'error', '-stream_loop', '4', '-i', demoClip.file, '-c', 'copy', clip];
  await promisify(execFile)('ffmpeg', loop);
  await using server = await GstRtspServer.start(`file:${clip}`);
  await using ours = await stack.view('front-door', 'msgpack');
  await using other = await stack.view('gst', 'msgpack');
  const waiting = await until('status', () => ours.of('status')[0]);
  t.equal(waiting.status, 'pending', 'a viewer may come before the session');
  await using _camera = await publishFile(stack.rtspUrl('front-door'));
  await stack.startSession('front-door', stack.rtspUrl('front-door'));
  await stack.startSession('gst', server.url);
  await t.test('at our relay', (t) => showsTheTruth(t, ours));
  await t.test("at GStreamer's server", (t) => showsTheTruth(t, other));
});
