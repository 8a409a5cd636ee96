import { adviceOf, type Counts, countsOf, type WatchedSession } from './advice.js';
import type { Health, Session } from './answers.js';
import { closable } from './dialog.js';
import { find, setText, text } from './element.js';
import { t, tCount } from './language.js';
import { nameOf } from './names.js';
import { lastErrorWords } from './reasons.js';
import { ageWords, dropWords, statusWords } from './words.js';

/** Advice is on what happened in this time. */
const spanMs = 60_000;

/** The dialog about detectors, queue and cameras, and what needs attention. */
export class SystemView {
  readonly #dialog = closable('#system');
  #health: Health | null | undefined;
  #sessions: readonly WatchedSession[] = [];
  #before: Counts = new Map();
  #next: Counts | null = null;
  #nextAt = 0;

  open(): void {
    this.#write();
    this.#dialog.showModal();
  }

  /** Whether something needs attention. */
  setHealth(health: Health | null): boolean {
    this.#health = health;
    if (Date.now() - this.#nextAt > spanMs) {
      this.#before = this.#next ?? countsOf(health, this.#sessions);
      this.#next = countsOf(health, this.#sessions);
      this.#nextAt = Date.now();
    }
    if (this.#dialog.open) this.#write();
    return this.#advice().length > 0;
  }

  setSessions(sessions: readonly Session[], wantedFps: (id: string) => number | null): void {
    this.#sessions = sessions.map((session) => ({
      ...session,
      wantedFps: wantedFps(session.session_id),
    }));
  }

  #advice(): string[] {
    return this.#health === undefined ? [] : adviceOf(this.#health, this.#sessions, this.#before);
  }

  #write(): void {
    const part = (selector: string) => find(this.#dialog, selector, HTMLElement);
    const advice = this.#advice();
    part('.advice').replaceChildren(
      ...(advice.length === 0
        ? [text('li', t('system.well'), 'well')]
        : advice.map((words) => text('li', words))),
    );
    setText(part('.queue'), queueWords(this.#health ?? null));
    part('.detectors').replaceChildren(...detectorRows(this.#health ?? null));
    part('.sessions').replaceChildren(...this.#sessions.map(sessionRow));
  }
}

function queueWords(health: Health | null): string {
  const queue = health?.queue;
  if (!queue) return t('system.queueUnknown');
  if (queue.waiting === 0) return t('system.queueEmpty');
  return tCount('system.queueWords', queue.waiting, { age: ageWords(queue.oldest_ms) });
}

function detectorRows(health: Health | null): HTMLElement[] {
  return (health?.detectors ?? []).map((detector) =>
    row([
      detector.id,
      detector.model ?? '–',
      (detector.provider ?? '–').toUpperCase(),
      number(detector.fps),
      ms(detector.inference_ms),
      ms(detector.prepare_ms),
      detector.age_ms === undefined ? '–' : ageWords(detector.age_ms),
      number(detector.threads),
      dropWords(detector.dropped ?? {}) || t('fact.none'),
    ]),
  );
}

function sessionRow(session: WatchedSession): HTMLElement {
  const { status, fps, wantedFps, frame_count, drops, owner } = session;
  const line = row([
    nameOf(session),
    statusWords(status),
    wantedFps === null ? number(fps) : `${number(fps)} / ${wantedFps}`,
    String(frame_count),
    dropWords(drops ?? {}) || t('fact.none'),
    owner ?? '–',
    lastErrorWords(session),
  ]);
  const state = line.children[1];
  if (state instanceof HTMLElement) {
    state.className = 'state';
    state.dataset['state'] = status;
  }
  return line;
}

/** The first cell names the row. */
function row([name = '', ...cells]: readonly string[]): HTMLElement {
  const line = document.createElement('tr');
  const head = text('th', name);
  head.setAttribute('scope', 'row');
  line.append(head, ...cells.map((words) => text('td', words)));
  return line;
}

function number(value: number | null | undefined): string {
  return typeof value === 'number' ? String(Number(value.toFixed(1))) : '–';
}

function ms(value: number | undefined): string {
  return value === undefined ? '–' : t('age.ms', { n: value.toFixed(1) });
}
