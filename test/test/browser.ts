import { type Browser, chromium } from 'playwright-core';

export const browserPath = '/usr/bin/chromium';

/** Headless Chromium of the system's packages. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}
