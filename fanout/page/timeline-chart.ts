import type { Timeline } from './answers.js';
import { clock } from './language.js';
import { colourOf } from './palette.js';

/** In CSS pixels. */
const axisHeight = 18;
const alertHeight = 9;

/**
 * Draws a timeline over a whole canvas: objects in a frame on average, by class, one on top of the other, a mark
 * for each alert, times below. `shows` tells which classes; `at` is the bucket that is pointed at.
 * The colours of times, lines and alerts are the canvas's `color`, `border-bottom-color` and `column-rule-color`.
 */
export function drawTimeline(
  canvas: HTMLCanvasElement,
  timeline: Timeline | null,
  shows: (className: string) => boolean,
  at: number | null,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const ratio = canvas.width / Math.max(canvas.clientWidth, 1);
  const style = getComputedStyle(canvas);
  const [width, height] = [canvas.width / ratio, canvas.height / ratio];
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const bottom = height - axisHeight;
  context.fillStyle = style.borderBottomColor;
  context.fillRect(0, bottom, width, 1);
  if (timeline === null) return;

  const { buckets } = timeline;
  const step = width / buckets.length;
  const totals = buckets.map(({ classes }) =>
    Object.entries(classes).reduce((sum, [name, { mean }]) => sum + (shows(name) ? mean : 0), 0),
  );
  const tallest = Math.max(...totals, 1);
  const room = bottom - alertHeight - 4;
  if (at !== null) {
    context.fillStyle = style.borderBottomColor;
    context.fillRect(at * step, 0, step, bottom);
  }
  buckets.forEach(({ classes }, index) => {
    let top = bottom;
    // In the order of class ids, so that colours keep their place from bar to bar.
    const ordered = Object.entries(classes).sort(([, a], [, b]) => a.class_id - b.class_id);
    for (const [name, { class_id, mean }] of ordered) {
      if (!shows(name)) continue;
      const tall = (mean / tallest) * room;
      top -= tall;
      context.fillStyle = colourOf(class_id);
      context.fillRect(index * step, top, Math.max(step - 1, 1), tall);
    }
  });
  drawAlerts(context, timeline, shows, width, style.columnRuleColor);
  drawTimes(context, timeline, width, height, style.color);
}

/** A triangle where there was an alert. */
function drawAlerts(
  context: CanvasRenderingContext2D,
  { since, until, alerts }: Timeline,
  shows: (className: string) => boolean,
  width: number,
  colour: string,
): void {
  context.fillStyle = colour;
  for (const { captured_at, class_name } of alerts) {
    if (!shows(class_name)) continue;
    const x = ((captured_at / 1000 - since) / (until - since)) * width;
    context.beginPath();
    context.moveTo(x - 4, 0);
    context.lineTo(x + 4, 0);
    context.lineTo(x, alertHeight - 2);
    context.fill();
  }
}

function drawTimes(
  context: CanvasRenderingContext2D,
  { since, until }: Timeline,
  width: number,
  height: number,
  colour: string,
): void {
  context.fillStyle = colour;
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'bottom';
  const places = width > 500 ? 5 : 3;
  for (let place = 0; place < places; place += 1) {
    const part = place / (places - 1);
    context.textAlign = part === 0 ? 'left' : part === 1 ? 'right' : 'center';
    context.fillText(clock((since + part * (until - since)) * 1000), part * width, height - 1);
  }
}
