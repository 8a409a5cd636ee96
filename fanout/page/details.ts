import type { Detection } from '@framebus/contract';
import { setText, text } from './element.js';
import { dateAndClock, t } from './language.js';
import type { FrameResult } from './messages.js';
import { colourOf } from './palette.js';
import { lastErrorWords } from './reasons.js';
import type { Tile } from './tile.js';
import { ageWords, dropWords } from './words.js';

const mostRows = 30;

/** Writes names and values of a session into a `<dl>`, in place, so that they can be selected. */
export function writeFacts(list: Element, tile: Tile): void {
  const facts = factsOf(tile);
  if (list.childElementCount === 0) {
    list.append(...facts.flatMap(() => [text('dt', ''), text('dd', '')]));
  }
  const elements = list.children;
  facts.flat().forEach((words, at) => {
    const element = elements[at];
    if (element !== undefined) setText(element, words);
  });
}

function factsOf({ session, picture, info }: Tile): readonly (readonly [string, string])[] {
  const { shown, rate } = picture;
  const fps = fpsWords(rate.perSecond());
  return [
    [t('fact.camera'), session.stream_url],
    [t('fact.frame'), shown === null ? '–' : String(shown.frame_index)],
    [t('fact.size'), shown === null ? '–' : `${shown.width} × ${shown.height}`],
    [t('fact.age'), shown === null ? '–' : ageWords(Date.now() - shown.captured_at)],
    [t('fact.inference'), inferenceWords(shown)],
    [t('fact.shown'), t('fact.skipped', { fps, n: picture.skipped })],
    [
      t('fact.published'),
      t('fact.of', { fps: fpsWords(session.fps), wanted: fpsWords(info?.fps) }),
    ],
    [t('fact.frames'), String(session.frame_count)],
    [t('fact.dropped'), dropWords(session.drops ?? {}) || t('fact.none')],
    [t('fact.started'), startWords(session.start_time)],
    [t('fact.owner'), session.owner ?? '–'],
    [t('fact.error'), lastErrorWords(session)],
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

function fpsWords(fps: number | null | undefined): string {
  return typeof fps === 'number' ? t('tile.fps', { n: Number(fps.toFixed(1)) }) : '–';
}

function inferenceWords(shown: FrameResult | null): string {
  if (shown?.inference_ms === undefined) return '–';
  return t('fact.by', { ms: shown.inference_ms.toFixed(1), detector: shown.detector ?? '–' });
}

function startWords(startS: number | null | undefined): string {
  return typeof startS === 'number' ? dateAndClock(startS * 1000) : '–';
}
