/// <reference lib="dom" />
import { until, videoKey } from '@framebus/test';
import { unpack } from 'msgpackr';
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import t from 'tap';
import { lookAtMachine, othersShare } from '../machine-load.js';
import { traceMainThread } from '../main-thread.js';
import { measureMemory } from '../page-memory.js';
import { WallServer } from '../wall-server.js';

const count = 16;
const fps = 5;
const warmUpMs = 20_000;
const watchMs = 120_000;
/** On a quiet machine others than the page and its server take less than this share of the cores. */
const quietShare = 0.1;
const patience = { timeoutMs: 90_000, everyMs: 200 };

const server = await WallServer.start(count, fps);
const browser: Browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
t.teardown(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

async function openWall(prepare: (page: Page) => Promise<unknown> = async () => {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await prepare(page);
  await page.goto(`${server.url}/?apikey=${videoKey}`);
  const shown = page.locator('canvas[data-frame-index]');
  await until('all tiles play', async () => (await shown.count()) === count, patience);
  return page;
}

t.test(
  '16 tiles at 5 fps for 2 minutes with flat memory and no long task over 100 ms',
  { timeout: 400_000 },
  async (t) => {
    const page = await openWall();
    // With a trace: its buffers stay.
    await traceMainThread(page, warmUpMs);
    const before = await measureMemory(page);
    await page.evaluate(countFrames);
    const sentBefore = await server.sent();
    const machineBefore = await lookAtMachine();
    const work = await traceMainThread(page, watchMs);
    const sent = (await server.sent()) - sentBefore;
    const others = othersShare(machineBefore, await lookAtMachine());
    const quiet = others < quietShare;
    const shown = await page.evaluate(() => [...window.shownFrames.values()]);
    const after = await measureMemory(page);

    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    const ms = (one: number) => `${one.toFixed(0)} ms`;
    t.comment(
      `main thread: ${work.tasks} tasks, longest ${ms(work.longestWorkMs)} of work, ${ms(work.longestMs)} by the clock`,
      `(${work.long} over 50 ms, ${work.veryLong} over 100 ms); ${percent(work.worked)} of a core, waited ${percent(work.waited)} for one, tasks stalled for ${percent(work.stalled)};`,
      `others took ${percent(others)} of the machine`,
    );
    for (const { from, clockMs, workMs } of work.longest) {
      t.comment(`${ms(clockMs)} by the clock, ${ms(workMs)} of work: ${from}`);
    }
    const least = Math.min(...shown);
    t.comment(`of ${sent} frames of each camera the tiles showed at least ${least}`);
    for (const [name, { heapMiB, nodes, listeners, memoryMiB }] of Object.entries({
      before,
      after,
    })) {
      t.comment(
        `${name}: heap ${heapMiB.toFixed(1)} MiB, ${nodes} nodes, ${listeners} listeners, ${memoryMiB.toFixed(0)} MiB in all processes`,
      );
    }

    t.equal(shown.length, count);
    t.ok(sent > (watchMs / 1_000) * fps * 0.9, 'the cameras kept their rate');
    t.ok(work.longestWorkMs < 100, 'no task works for 100 ms');
    if (quiet) {
      t.equal(work.veryLong, 0, 'nor lasts so long');
      // The server gives way: what it sends late comes at once, and of that the newest is shown.
      t.ok(least > 0.5 * sent, 'each tile shows what its camera sends');
    } else {
      t.comment('a busy machine: how long tasks lasted and how much was shown was not judged');
      t.ok(least > 0, 'each tile plays');
    }
    t.ok(after.heapMiB - before.heapMiB < 2, 'the heap stays flat');
    // Over a thousand alerts came and went, of twelve nodes each; their garbage is collected a little later.
    t.ok(after.nodes - before.nodes < 2_000, 'the document too');
    t.ok(after.listeners - before.listeners < 200, 'and its listeners');
    // The pictures that were shown are ten times as much.
    const most = quiet ? 100 : 200;
    t.ok(after.memoryMiB - before.memoryMiB < most, 'pictures are let go');
    await page.close();
  },
);

t.test(
  'a tile gets pictures of about its size, one in large larger ones, one out of sight none',
  { timeout: 240_000 },
  async (t) => {
    /** Of the newest result of each camera: how wide its picture is; 0: it has none. */
    const pictures = new Map<string, Uint8Array | null>();
    const page = await openWall(async (page) => {
      page.on('websocket', (socket) =>
        socket.on('framereceived', ({ payload }) => {
          const message = typeof payload === 'string' ? {} : unpack(payload);
          if (message.type === 'frame_result') pictures.set(message.session_id, message.frame);
        }),
      );
    });
    const becomes = (what: string, widths: Readonly<Record<string, number>>) =>
      until(
        what,
        async () => {
          for (const [id, wanted] of Object.entries(widths)) {
            const jpeg = pictures.get(id);
            if (jpeg === undefined) return false;
            if ((jpeg === null ? 0 : (await sharp(jpeg).metadata()).width) !== wanted) return false;
          }
          return true;
        },
        patience,
      );
    await becomes('small on the wall', { 'camera-1': 320, 'camera-2': 320, 'camera-16': 320 });
    const bytes = () => pictures.get('camera-1')?.length;
    const onWall = bytes();
    await page.locator('.tile[data-session="camera-1"] .stage').press('Enter');
    await becomes('as it is in large', { 'camera-1': 800, 'camera-2': 320 });
    t.comment(`a picture on the wall has ${onWall} bytes, in large ${bytes()}`);
    await page.keyboard.press('Escape');
    await becomes('small again', { 'camera-1': 320 });
    await page.keyboard.press('1');
    await becomes('none out of sight', { 'camera-1': 800, 'camera-15': 0, 'camera-16': 0 });
    await page.keyboard.press('0');
    await becomes('small when they are seen again', { 'camera-1': 320, 'camera-16': 320 });
    await page.close();
  },
);

t.test(
  'alerts are heard and noted where that is wanted, and trails are drawn',
  { timeout: 240_000 },
  async (t) => {
    const page = await openWall((page) => page.addInitScript(watchSignals));
    const signals = () => page.evaluate(() => ({ ...window.signals }));
    const alerts = () => page.locator('#alerts li').first().getAttribute('data-alert');
    const nextAlert = async () => {
      const before = await alerts();
      await until('another alert', async () => (await alerts()) !== before, patience);
    };
    await nextAlert();
    t.match(await signals(), { tones: 0, notes: [], dots: 0 }, 'nothing that was not asked for');

    await page.getByLabel('Sound').press('Space');
    await until('it is tried at once', async () => (await signals()).tones === 2, patience);
    await until('an alert is heard', async () => (await signals()).tones >= 4, patience);

    const notify = page.getByLabel('Notifications');
    await page.evaluate(() => {
      window.signals.answer = 'denied';
    });
    await notify.press('Space');
    await page.getByText('This browser does not allow notifications').waitFor();
    t.notOk(await notify.isChecked());
    await page.evaluate(() => {
      window.signals.answer = 'granted';
    });
    await notify.press('Space');
    await nextAlert();
    t.same((await signals()).notes, [], 'none for a page that is looked at');
    await page.evaluate(() => {
      window.signals.hidden = true;
    });
    const { notes } = await until(
      'a page that is not gets two',
      async () => {
        const seen = await signals();
        return seen.notes.length >= 2 && seen;
      },
      patience,
    );
    const [first, second] = notes;
    t.match(first?.title, /^\w+ object at camera-\d+$/);
    const apartMs = (second?.at ?? 0) - (first?.at ?? 0);
    t.ok(apartMs >= 2_000, `${apartMs.toFixed(0)} ms between the two`);
    await page.evaluate(() => {
      window.signals.hidden = false;
    });

    await page.keyboard.press('t');
    await until('where objects were', async () => (await signals()).dots > 0, patience);
    await page.reload();
    t.ok(await page.getByLabel('Sound').isChecked(), 'the choice is kept');
    await page.close();
  },
);

interface Signals {
  tones: number;
  dots: number;
  hidden: boolean;
  answer: NotificationPermission;
  readonly notes: { readonly title: string; readonly at: number }[];
}

declare global {
  interface Window {
    shownFrames: Map<string, number>;
    signals: Signals;
  }
}

/** In the page, before its own scripts: counts what it plays and draws, and takes the place of notifications. */
function watchSignals(): void {
  const signals: Signals = { tones: 0, dots: 0, hidden: false, answer: 'granted', notes: [] };
  window.signals = signals;
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (when) {
    signals.tones += 1;
    start.call(this, when);
  };
  const { arc } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.arc = function (...how) {
    signals.dots += 1;
    arc.apply(this, how);
  };
  Object.defineProperty(document, 'hidden', { get: () => signals.hidden });
  class Noted {
    static permission = 'default';
    static async requestPermission() {
      return signals.answer;
    }
    constructor(title: string) {
      signals.notes.push({ title, at: performance.now() });
    }
  }
  Object.defineProperty(window, 'Notification', { value: Noted });
}

/** In the page: counts the frames that each canvas shows. */
function countFrames(): void {
  const counts = new Map<string, number>();
  window.shownFrames = counts;
  const changes = new MutationObserver((records) => {
    for (const { target } of records) {
      const id = (target as HTMLCanvasElement).dataset['session'] ?? '';
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  });
  const wanted = { attributes: true, attributeFilter: ['data-frame-index'], subtree: true };
  changes.observe(document.body, wanted);
}
