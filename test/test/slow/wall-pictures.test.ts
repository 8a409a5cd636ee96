/// <reference lib="dom" />
import { Stack, until } from '@framebus/test';
import { unpack } from 'msgpackr';
import sharp from 'sharp';
import t from 'tap';
import { startBrowser } from '../browser.js';
import { PaintedCameras } from '../painted-cameras.js';
import { openWall, patience } from '../wall-page.js';

const count = 16;
const fps = 2;

const stack = await Stack.start({ detectors: 0 });
const cameras = await PaintedCameras.start(stack.bus, count, fps);
const browser = await startBrowser();
t.teardown(async () => {
  await browser.close();
  cameras[Symbol.dispose]();
  await stack[Symbol.asyncDispose]();
});

t.test(
  'a tile gets pictures of about its size, one in large larger ones, one out of sight none',
  { timeout: 240_000 },
  async (t) => {
    /** Of the newest result of each camera: how wide its picture is; 0: it has none. */
    const pictures = new Map<string, Uint8Array | null>();
    const page = await openWall(browser, stack.url, count, async (page) => {
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
    const bytes = () => pictures.get('camera-1')?.length ?? 0;
    const onWall = bytes();
    await page.locator('.tile[data-session="camera-1"] .stage').press('Enter');
    await becomes('as it is in large', { 'camera-1': 800, 'camera-2': 320 });
    t.comment(`a picture on the wall has ${onWall} bytes, in large ${bytes()}`);
    t.ok(onWall < 0.6 * bytes(), 'a small one has fewer bytes');
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
    const page = await openWall(browser, stack.url, count, (page) =>
      page.addInitScript(watchSignals),
    );
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
