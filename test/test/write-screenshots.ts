import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publishFile, repositoryFile, Stack, until, videoKey } from '@framebus/test';
import type { Page } from 'playwright-core';
import { startBrowser } from './browser.js';

// Pictures of the page for the README, of a running stack with four cameras: `npm run screenshots`.

const folder = repositoryFile('docs/screenshots');
const names = ['front-door', 'garage', 'parking', 'yard'];

async function shoot(page: Page, name: string): Promise<void> {
  const path = `${folder}/${name}.jpg`;
  await page.screenshot({ path, type: 'jpeg', quality: 72 });
  console.log(`docs/screenshots/${name}.jpg ${Math.round((await stat(path)).size / 1024)} KiB`);
}

async function frames(page: Page, count: number): Promise<void> {
  const shown = page.locator('canvas[data-frame-index]');
  await until('pictures', async () => (await shown.count()) >= count, { timeoutMs: 120_000 });
  // Alerts get their pictures, and the timeline its first bars.
  await page.waitForTimeout(8_000);
}

await mkdir(folder, { recursive: true });
const clips = await mkdtemp(join(tmpdir(), 'framebus-screenshots-'));
await using stack = await Stack.start({ detectorEnv: { DETECTOR_MODEL: 'nano' } });
const cameras: AsyncDisposable[] = [];
for (const [i, name] of names.entries()) {
  // Each camera begins at another scene of the demo clip.
  const clip = join(clips, `${name}.mp4`);
  await promisify(execFile)('ffmpeg', [
    ...['-v', 'error', '-ss', `${i * 4}`, '-i', repositoryFile('models/nano/demo.mp4')],
    ...['-c', 'copy', clip],
  ]);
  cameras.push(await publishFile(stack.rtspUrl(name), clip));
  await stack.startSession(name, stack.rtspUrl(name), { fps: 3 });
}
const browser = await startBrowser();
try {
  const size = { viewport: { width: 1280, height: 800 } };
  const page = await browser.newPage({ ...size, colorScheme: 'dark', locale: 'en-GB' });
  await page.goto(`${stack.url}/?apikey=${videoKey}`);
  await frames(page, names.length);
  await shoot(page, 'wall');
  const phone = await browser.newPage({
    viewport: { width: 390, height: 844 },
    locale: 'zh-CN',
    colorScheme: 'light',
  });
  await phone.goto(`${stack.url}/?apikey=${videoKey}`);
  await frames(phone, 2);
  await shoot(phone, 'phone-zh');
} finally {
  await browser.close();
  for (const camera of cameras) await camera[Symbol.asyncDispose]();
  await rm(clips, { recursive: true });
}
