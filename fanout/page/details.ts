import type { Detection } from '@framebus/contract';
import { setText, text } from './element.js';
import type { FrameResult } from './messages.js';
import { colourOf } from './palette.js';
import type { Tile } from './tile.js';
import { ageWords } from './words.js';

const mostRows = 30;

/** Writes names and values of a session into a `<dl>`, in place, so that they can be selected. */
export function writeFacts(list: Element, tile: Tile): void {
  const facts = factsOf(tile);
  if (list.childElementCount === 0) {
    list.append(...facts.flatMap(([name]) => [text('dt', name), text('dd', '')]));
  }
  const values = list.querySelectorAll('dd');
  facts.forEach(([, value], at) => {
    const element = values[at];
    if (element !== undefined) setText(element, value);
  });
}

function factsOf({ session, picture, info }: Tile): readonly (readonly [string, string])[] {
  const { shown, rate } = picture;
  return [
    ['Camera', session.stream_url],
    ['Frame', shown === null ? '–' : String(shown.frame_index)],
    ['Size', shown === null ? '–' : `${shown.width} × ${shown.height}`],
    ['Age', shown === null ? '–' : ageWords(Date.now() - shown.captured_at)],
    ['Inference', inferenceWords(shown)],
    ['Shown here', `${rate.perSecond().toFixed(1)} fps, ${picture.skipped} skipped`],
    ['Published', `${fpsWords(session.fps)} of ${fpsWords(info?.fps)} wanted`],
    ['Frames', String(session.frame_count)],
    ['Dropped', droppedWords(session.dropped)],
    ['Started', startWords(session.start_time)],
    ['Runs on', session.owner ?? '–'],
    ['Last error', session.last_error ?? 'none'],
  ];
}

/** Rows of class, confidence and box, the surest first. */
export function detectionRows(detections: readonly Detection[]): HTMLElement[] {
  const surestFirst = detections.toSorted((a, b) => b.confidence - a.confidence);
  return surestFirst.slice(0, mostRows).map(({ class_id, class_name, confidence, bbox }) => {
    const row = document.createElement('tr');
    const name = text('td', class_name, 'swatch');
    name.style.setProperty('--swatch', colourOf(class_id));
    const corners = bbox.map((value) => Math.round(value)).join(', ');
    row.append(name, text('td', confidence.toFixed(2)), text('td', corners));
    return row;
  });
}

function droppedWords(dropped: Tile['session']['dropped']): string {
  if (dropped === undefined || dropped === null) return '–';
  if (typeof dropped === 'number') return `${dropped} frames`;
  const reasons = Object.entries(dropped).map(([reason, count]) => `${count} ${reason}`);
  return reasons.length === 0 ? 'none' : reasons.join(', ');
}

function fpsWords(fps: number | null | undefined): string {
  return typeof fps === 'number' ? `${Number(fps.toFixed(1))} fps` : '–';
}

function inferenceWords(shown: FrameResult | null): string {
  if (shown?.inference_ms === undefined) return '–';
  return `${shown.inference_ms.toFixed(1)} ms by ${shown.detector ?? '–'}`;
}

function startWords(startS: number | null | undefined): string {
  return typeof startS === 'number' ? new Date(startS * 1000).toLocaleString() : '–';
}
