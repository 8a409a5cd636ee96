import { existsSync } from 'node:fs';
import { demoClip, readGroundTruth } from '@framebus/models/clip';
import { publishFile, Stack, until, videoKey } from '@framebus/test';
import { chromium } from 'playwright-core';
import t from 'tap';

const browserPath = '/usr/bin/chromium';
const missing = !existsSync(browserPath);
if (missing && process.env.CI)
  throw new Error(`${browserPath} is missing: apt-get install chromium`);
const skip = missing && 'apt-get install chromium: the viewer page was NOT tried in a browser';

t.test('a person starts, sees and stops a camera', { skip }, async (t) => {
  await using stack = await Stack.start();
  await using _camera = await publishFile(stack.rtspUrl('yard'));
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  t.teardown(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const mistakes: string[] = [];
  page.on('console', (line) => line.type() === 'error' && mistakes.push(line.text()));
  page.on('pageerror', (error) => mistakes.push(error.message));
  await page.goto(`${stack.url}/?apikey=${videoKey}`);
  t.notMatch(page.url(), videoKey, 'the key leaves the address bar');

  await page.getByLabel('Address').fill(stack.rtspUrl('yard'));
  await page.getByLabel('Name').fill('yard');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const canvas = page.locator('canvas[data-session="yard"]');
  const shown = async () =>
    Number(await canvas.getAttribute('data-frame-index', { timeout: 15_000 }));
  const first = await until('a frame is shown', shown, { timeoutMs: 20_000 });
  await until('more are', async () => (await shown()) > first + 10);

  const { frames } = await readGroundTruth(demoClip.truth);
  const fewest = Math.min(...frames.map((objects) => objects.length));
  const counted = await until('objects are counted', async () => {
    const text = await page.locator('.tile[data-session="yard"] .count').textContent();
    return Number(/\d+/.exec(text ?? '')?.[0]) || undefined;
  });
  t.ok(counted >= fewest - 2, `${counted} objects`);
  t.ok(await page.locator('#alerts').getByText('object').count(), 'alerts are listed');

  await page.locator('.tile[data-session="yard"] .stop').click();
  const stopped = await until(
    'it is stopped',
    async () => {
      const { body } = await stack.call<{ status: string }>('GET', '/api/v1/video/sessions/yard');
      return body.status === 'stopped';
    },
    { everyMs: 500 },
  );
  t.ok(stopped);
  t.same(mistakes, [], 'the browser has nothing to complain about');
});
