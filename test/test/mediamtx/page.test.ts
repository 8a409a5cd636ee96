import { demoClip, readGroundTruth } from '@framebus/models/clip';
import {
  Child,
  MediaMtx,
  publishFile,
  repositoryFile,
  Stack,
  until,
  videoKey,
} from '@framebus/test';
import type { Page } from 'playwright-core';
import t from 'tap';
import { startBrowser } from '../browser.js';
import { clipFrame, type Sample, sampleVideo } from './video-samples.js';

/** The camera in large, by the keyboard alone. */
async function openLarge(page: Page, session: string): Promise<void> {
  await page.locator(`.tile[data-session="${session}"] .stage`).press('Enter');
  await page.locator('#large .live').waitFor({ state: 'visible' });
}

const median = (numbers: readonly number[]) => {
  const sorted = numbers.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};
const said = (page: Page) => page.locator('#large .live-said').textContent();
const frameIndex = async (page: Page, session: string) =>
  Number(await page.locator(`canvas[data-session="${session}"]`).getAttribute('data-frame-index'));

t.test('live video plays with boxes in time, and gives way to frames when it fails', async (t) => {
  await using server = await MediaMtx.start();
  await using stack = await Stack.start({ fanoutEnv: server.fanoutEnv });
  const camera = await publishFile(server.publishUrl('yard'));
  t.teardown(() => camera.stop('SIGKILL'));
  await stack.startSession('yard', server.readUrl('yard'));
  const browser = await startBrowser();
  t.teardown(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const mistakes: string[] = [];
  page.on('console', (line) => line.type() === 'error' && mistakes.push(line.text()));
  page.on('pageerror', (error) => mistakes.push(error.message));
  const scripts: string[] = [];
  page.on('response', (response) => scripts.push(response.url()));
  await page.goto(`${stack.url}/?apikey=${videoKey}`);
  await until('frames are shown', async () => (await frameIndex(page, 'yard')) > 0, {
    timeoutMs: 60_000,
  });
  t.notOk(
    scripts.some((url) => url.endsWith('/live-player.js')),
    'the player is not loaded yet',
  );

  await openLarge(page, 'yard');
  const button = page.getByRole('button', { name: 'Live video (WebRTC)' });
  await button.press('Enter');
  await until('it is said to play', async () => (await said(page)) === 'Live video');
  t.equal(await button.getAttribute('aria-pressed'), 'true');
  const video = page.locator('#large video');
  const time = () => video.evaluate((element: HTMLVideoElement) => element.currentTime);
  const first = await time();
  await until('the video goes on', async () => (await time()) > first + 2);
  t.equal(await video.evaluate((element: HTMLVideoElement) => element.videoWidth), 1280);

  await t.test('boxes are those of the frame that the video shows', async (t) => {
    await using viewer = await stack.view('yard', 'msgpack');
    await until('ten seconds of results', () => viewer.of('frame_result').length >= 100, {
      timeoutMs: 60_000,
    });
    const samples = await sampleVideo(page, 40);
    const { frames } = await readGroundTruth(demoClip.truth);
    const clipOf = new Map<number, number>();
    for (const { frame, frame_index } of viewer.of('frame_result')) {
      const number = frame ? await clipFrame(frame) : undefined;
      if (number !== undefined && frame_index !== undefined) clipOf.set(frame_index, number);
    }
    const offsMs = samples.flatMap(({ clip, index }: Sample) => {
      const boxes = clipOf.get(index);
      if (boxes === undefined) return [];
      const half = frames.length / 2;
      return [(((clip - boxes + half + frames.length) % frames.length) - half) * 40];
    });
    const offMs = median(offsMs.map(Math.abs));
    const toldMs = median(samples.map((sample) => sample.toldMs));
    const lagMs = median(samples.map((sample) => sample.lagMs));
    t.comment(
      `boxes off by ${Math.min(...offsMs)} to ${Math.max(...offsMs)} ms, median ${offMs} ms,`,
      `told ${toldMs} ms, the browser lagged by ${lagMs.toFixed(0)} ms`,
    );
    t.ok(offsMs.length >= 20, `${offsMs.length} samples`);
    t.ok(offMs < 150 + lagMs, 'most boxes are in time');
    // A sample is as exact as a frame of the clip, 40 ms, and the lag between a frame and what is read of it.
    t.ok(Math.abs(toldMs - offMs) < 80 + lagMs, 'what is told is what is measured');
  });

  t.same(mistakes, [], 'the browser has nothing to complain about');

  await server.kill();
  await until('the failure is said', async () => /^No live video: /.test((await said(page)) ?? ''));
  t.match(await said(page), 'Showing the analysed frames.');
  t.equal(await video.count(), 0);
  t.equal(await button.getAttribute('aria-pressed'), 'false');
  await camera.stop('SIGKILL');
  await server.up();
  await using _again = await publishFile(server.publishUrl('yard'));
  const last = await frameIndex(page, 'yard');
  await until('frames are shown again', async () => (await frameIndex(page, 'yard')) > last + 10, {
    timeoutMs: 45_000,
  });
  await button.press('Enter');
  await until('live video can be had again', async () => (await said(page)) === 'Live video');
  await page.keyboard.press('Escape');
  t.equal(await video.count(), 0, 'closing ends it');
  await until('and the server knows', async () => {
    const answer = await server.api('/v3/webrtcsessions/list');
    return ((await answer.json()) as { itemCount: number }).itemCount === 0;
  });
});

t.test(
  'what browsers can not play is said, and frames go on; other servers are not offered',
  async (t) => {
    await using server = await MediaMtx.start();
    await using stack = await Stack.start({ fanoutEnv: server.fanoutEnv });
    await using _camera = await Child.start('ffmpeg', [
      ...['-hide_banner', '-nostdin', '-loglevel', 'warning', '-re', '-stream_loop', '-1'],
      ...['-i', repositoryFile('models/shapes/demo.mp4'), '-c:v', 'libx264', '-preset', 'veryfast'],
      ...['-bf', '2', '-g', '25', '-vf', 'scale=640:360'],
      ...['-f', 'rtsp', '-rtsp_transport', 'tcp', server.publishUrl('b-frames')],
    ]);
    await using _other = await publishFile(stack.rtspUrl('elsewhere'));
    await stack.startSession('b-frames', server.readUrl('b-frames'));
    await stack.startSession('elsewhere', stack.rtspUrl('elsewhere'));
    const browser = await startBrowser();
    t.teardown(() => browser.close());
    const page = await browser.newPage();
    await page.goto(`${stack.url}/?apikey=${videoKey}`);
    for (const session of ['b-frames', 'elsewhere']) {
      await until(`${session} is shown`, async () => (await frameIndex(page, session)) > 0, {
        timeoutMs: 60_000,
      });
    }
    await openLarge(page, 'b-frames');
    const button = page.locator('#large .live');
    await button.press('Enter');
    await until('why is said', async () => /^No live video: /.test((await said(page)) ?? ''), {
      timeoutMs: 60_000,
    });
    t.comment(await said(page));
    const last = await frameIndex(page, 'b-frames');
    await until('frames go on', async () => (await frameIndex(page, 'b-frames')) > last + 5);
    await page.keyboard.press('ArrowRight');
    t.ok(await button.isHidden(), 'a camera that is not at MediaMTX has no such button');
  },
);
