import { until, videoKey } from '@framebus/test';
import type { Browser, Page } from 'playwright-core';

/** For what a page does; on a machine with other work too. */
export const patience = { timeoutMs: 90_000, everyMs: 200 };

/**
 * Opens the wall and waits until each of its tiles plays.
 *
 * @param url of the gateway
 * @param count of cameras
 * @param prepare called before the page's address is opened
 */
export async function openWall(
  browser: Browser,
  url: string,
  count: number,
  prepare: (page: Page) => Promise<unknown> = async () => {},
): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await prepare(page);
  await page.goto(`${url}/?apikey=${videoKey}`, { timeout: patience.timeoutMs });
  const shown = page.locator('canvas[data-frame-index]');
  await until('all tiles play', async () => (await shown.count()) === count, patience);
  return page;
}
