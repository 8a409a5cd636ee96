import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { publishFile, Stack, until, videoKey } from '@framebus/test';
import type { Page } from 'playwright-core';
import t from 'tap';
import { browserPath, startBrowser } from '../browser.js';
import { boxesOnCanvas } from '../canvas-boxes.js';

const missing = !existsSync(browserPath);
if (missing && process.env.CI)
  throw new Error(`${browserPath} is missing: apt-get install chromium`);
const skip = missing && 'apt-get install chromium: the viewer page was NOT tried in a browser';
const patience = { timeoutMs: 30_000, everyMs: 100 };

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe-core finds that is serious or critical. */
async function seriousFindings(page: Page): Promise<string[]> {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(await readFile(axe, 'utf8'));
  const violations = (await page.evaluate(
    'axe.run().then(({ violations }) => violations)',
  )) as Finding[];
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

t.test('the page', { skip }, async (t) => {
  await using stack = await Stack.start();
  await using _camera = await publishFile(stack.rtspUrl('yard'));
  const browser = await startBrowser();
  t.teardown(() => browser.close());
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const mistakes: string[] = [];
  let tellsMistakes = true;
  const note = (text: string) => tellsMistakes && mistakes.push(text);
  page.on('console', (line) => line.type() === 'error' && note(line.text()));
  page.on('pageerror', (error) => note(error.message));
  const tile = page.locator('.tile[data-session="yard"]');
  const canvas = page.locator('canvas[data-session="yard"]');
  const shown = async () => Number(await canvas.getAttribute('data-frame-index'));

  await t.test('asks for the key, says when it is wrong, and keeps a good one', async (t) => {
    tellsMistakes = false;
    await page.goto(`${stack.url}/`);
    const dialog = page.getByRole('dialog', { name: 'API key' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    // Escape leaves it: there is nothing to see without a key.
    await dialog.getByLabel('API key').fill('wrong');
    await dialog.getByRole('button', { name: 'Use this key' }).click();
    await dialog.getByText('This key is not known here').waitFor();
    t.same(await seriousFindings(page), [], 'axe');
    await dialog.getByLabel('API key').fill(videoKey);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('No camera yet').waitFor();
    t.same(await seriousFindings(page), [], 'axe');
    await page.goto('about:blank');
    await page.goto(`${stack.url}/?apikey=${videoKey}`);
    await page.getByText('No camera yet').waitFor();
    t.notMatch(page.url(), videoKey, 'a key in the address leaves it');
    tellsMistakes = true;
  });

  await t.test('tries a camera, says why it fails, and starts one', async (t) => {
    await page.keyboard.press('a');
    const form = page.getByRole('dialog', { name: 'Add camera' });
    await form.getByLabel('Address').fill(stack.rtspUrl('nothing'));
    await form.getByRole('button', { name: 'Test' }).click();
    await form.getByText('has no stream at that path').waitFor();
    await form.getByLabel('Address').fill(stack.rtspUrl('yard'));
    await form.getByRole('button', { name: 'Test' }).click();
    await form.getByText('It works: 1280 × 720, h264').waitFor();
    await form.getByRole('img', { name: 'Picture of the camera' }).waitFor();
    t.same(await seriousFindings(page), [], 'axe');
    await form.getByLabel('Name').fill('yard');
    await form.getByRole('button', { name: 'Start', exact: true }).click();
    await form.waitFor({ state: 'hidden' });
    const first = await until('a frame is shown', shown, patience);
    await until('more are', async () => (await shown()) > first + 5, patience);
    t.match(await tile.locator('.count').textContent(), /\d+ objects?/);
  });

  await t.test('draws boxes around what the very frame shows', async (t) => {
    await page.keyboard.press('l');
    const { frames, objects, drawn } = await boxesOnCanvas(canvas, 4);
    t.comment(`${frames} frames, ${drawn} of ${objects} objects have their box`);
    t.ok(objects > 8, `${objects} objects`);
    t.ok(drawn >= objects * 0.9, `${drawn} boxes of ${objects} are where the truth is`);
    await page.getByRole('button', { name: 'None', exact: true }).click();
    await tile.getByText('0 objects').waitFor();
    const hidden = await boxesOnCanvas(canvas, 1);
    t.ok(
      hidden.drawn <= hidden.objects * 0.1,
      `${hidden.drawn} boxes of classes that are filtered`,
    );
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.keyboard.press('l');
  });

  await t.test('lists alerts with a picture; one opens the camera and replays', async (t) => {
    const alert = page.locator('#alerts li').first();
    await alert.waitFor();
    const loaded = () =>
      alert.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth);
    t.ok(await until('its picture', async () => (await loaded()) > 0, patience));
    t.same(await seriousFindings(page), [], 'axe');
    await alert.getByRole('button').click();
    const large = page.getByRole('dialog', { name: 'yard' });
    await large.getByText(/^Replay \d/).waitFor();
    await large.getByRole('button', { name: 'Back to live' }).click();
    const before = await shown();
    await until('it is live again', async () => (await shown()) > before, patience);
    await large.getByText('Click to replay from there.').waitFor();
    await large.getByRole('slider').focus();
    await page.keyboard.press('End');
    t.match(await large.getByRole('slider').getAttribute('aria-valuetext'), /\d\d:\d\d:\d\d: /);
    await page.keyboard.press('Enter');
    await large.getByText(/^Replay \d/).waitFor();
    t.same(await seriousFindings(page), [], 'axe');
    for (const [name, shown] of [
      ['Yard, north side', 'Yard, north side'],
      ['', 'yard'],
    ] as const) {
      await page.locator('#large .rename input').fill(name);
      await page.keyboard.press('Enter');
      await page.locator('#large .rename').getByText('Renamed.').waitFor();
      for (const place of ['#large .name', '.tile .name', '#alerts li:first-child .camera']) {
        const words = () => page.locator(place).textContent();
        await until(`${place} says ${shown}`, async () => (await words()) === shown, patience);
      }
    }
    await page.keyboard.press('Escape');
    await large.waitFor({ state: 'hidden' });
  });

  await t.test(
    'tells of the system, in two languages and both colours, on a phone too',
    async (t) => {
      await page.keyboard.press('s');
      const system = page.getByRole('dialog', { name: 'System' });
      await system.locator('.detectors tr').first().waitFor();
      t.match(await system.locator('.detectors').textContent(), /CPU/);
      t.same(await seriousFindings(page), [], 'axe');
      await page.keyboard.press('Escape');
      await page.getByLabel('Language').selectOption('zh');
      await page.getByRole('button', { name: '添加摄像头' }).first().waitFor();
      t.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
      await stack.startSession('nothing', stack.rtspUrl('nothing'));
      const lost = page.locator('.tile[data-session="nothing"]');
      await lost.getByText(/^摄像头有应答，但该路径没有视频流.*秒后重试。$/).waitFor();
      await page.getByLabel('颜色').selectOption('dark');
      await page.setViewportSize({ width: 390, height: 844 });
      t.same(await seriousFindings(page), [], 'axe');
      const across = await page.evaluate('document.documentElement.scrollWidth');
      t.ok(Number(across) <= 390, 'nothing is wider than the phone');
      await page.setViewportSize({ width: 1280, height: 800 });
      await stack.call('DELETE', '/api/v1/video/sessions/nothing');
      await page.getByLabel('语言').selectOption('en');
    },
  );

  await t.test('shows as many tiles as are asked for, and moves among them by keys', async (t) => {
    for (const id of ['a', 'b', 'c']) {
      await stack.startSession(id, stack.rtspUrl(id));
    }
    await until('four tiles', async () => (await page.locator('.tile').count()) === 4, patience);
    const columns = async () => {
      const tops = await page
        .locator('.tile')
        .evaluateAll((tiles) => tiles.map((one) => Math.round(one.getBoundingClientRect().top)));
      return tops.filter((top) => top === tops[0]).length;
    };
    const wanted = [
      ['2', 2],
      ['1', 1],
      ['3', 3],
      ['0', 2],
    ] as const;
    for (const [key, across] of wanted) {
      await page.keyboard.press(key);
      await until(
        `${across} beside each other`,
        async () => (await columns()) === across,
        patience,
      );
    }
    await page.locator('.tile[data-session="a"] .stage').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'b', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    t.same(await page.evaluate('document.activeElement.closest(".tile").dataset.session'), 'b');
    const order = () =>
      page
        .locator('.tile')
        .evaluateAll((tiles) => tiles.map((one) => (one as HTMLElement).dataset['session']).join());
    t.equal(await order(), 'a,b,c,yard');
    await stack.call('PATCH', '/api/v1/video/sessions/b', { name: 'z 10' });
    await stack.call('PATCH', '/api/v1/video/sessions/a', { name: 'z 9' });
    await until('they are in the order of names', async () => (await order()) === 'c,yard,a,b', {
      ...patience,
      everyMs: 200,
    });
    t.same(
      await page.evaluate('document.activeElement.closest(".tile").dataset.session'),
      'b',
      'a tile keeps the focus when it moves',
    );
    for (const id of ['a', 'b', 'c']) await stack.call('DELETE', `/api/v1/video/sessions/${id}`);
  });

  await t.test(
    'connects again by itself after fanout was killed, and shows that it does',
    async (t) => {
      t.same(mistakes, [], 'the browser had nothing to complain about');
      tellsMistakes = false;
      await until('it plays', async () => (await shown()) > 0, patience);
      await stack.fanout?.stop('SIGKILL');
      await tile
        .getByText(/Connection lost/)
        .first()
        .waitFor();
      const before = await shown();
      await stack.restartFanout();
      await until('frames come again', async () => (await shown()) > before, patience);
      await tile.locator('.figures').getByText('Live').waitFor();
    },
  );

  await t.test('stops and removes a camera', async (t) => {
    await tile.getByRole('button', { name: 'Stop yard' }).click();
    const { body } = await until(
      'it is stopped',
      async () => {
        const answer = await stack.call<{ status: string }>('GET', '/api/v1/video/sessions/yard');
        return answer.body.status === 'stopped' && answer;
      },
      { ...patience, everyMs: 500 },
    );
    t.equal(body.status, 'stopped');
    await tile.getByRole('button', { name: 'Remove yard' }).click();
    await tile.getByRole('button', { name: /Remove for good/ }).click();
    await tile.waitFor({ state: 'detached' });
  });
});
