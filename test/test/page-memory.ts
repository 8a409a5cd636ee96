import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

/** What a page holds once its garbage is collected. */
export interface PageMemory {
  readonly heapMiB: number;
  readonly nodes: number;
  readonly listeners: number;
  /** Memory of all processes of the browser, each page of it counted once: pictures are not in the heap. */
  readonly memoryMiB: number;
}

export async function measureMemory(page: Page): Promise<PageMemory> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('Performance.enable');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  const browser = await page.context().browser()?.newBrowserCDPSession();
  const info = await browser?.send('SystemInfo.getProcessInfo');
  const memory = await Promise.all((info?.processInfo ?? []).map(({ id }) => memoryKiB(id)));
  await browser?.detach();
  await cdp.detach();
  return {
    heapMiB: of('JSHeapUsedSize') / 1024 ** 2,
    nodes: of('Nodes'),
    listeners: of('JSEventListeners'),
    memoryMiB: memory.reduce((sum, one) => sum + one, 0) / 1024,
  };
}

async function memoryKiB(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0);
}
