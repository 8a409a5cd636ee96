import type { Timeline } from './answers.js';
import type { Api } from './api.js';
import { find, setText } from './element.js';
import type { Filter } from './filter.js';
import { clock, t } from './language.js';
import { drawTimeline } from './timeline-chart.js';
import { errorWords } from './words.js';

const bucketCount = 90;
/** A longer time changes slower, and the calls of a key are limited. */
const everyMs = (windowS: number) => Math.max(10_000, (windowS / bucketCount) * 1000);

/** Counts of the camera in large over time. A click, or Enter, replays from there. */
export class TimelineView {
  readonly slider: HTMLCanvasElement;
  readonly #said: HTMLElement;
  readonly #window: HTMLSelectElement;
  readonly #api: Api;
  readonly #filter: Filter;
  readonly #replay: (atMs: number) => void;
  #sessionId: string | null = null;
  #timeline: Timeline | null = null;
  #timer: number | undefined;
  /** The bucket under the pointer, or that the keys went to. */
  #at: number | null = null;

  /** `replay` plays from a time, in ms since the epoch. */
  constructor(dialog: HTMLElement, api: Api, filter: Filter, replay: (atMs: number) => void) {
    this.#api = api;
    this.#filter = filter;
    this.#replay = replay;
    this.slider = find(dialog, '.timeline canvas', HTMLCanvasElement);
    this.#said = find(dialog, '.timeline .said', HTMLElement);
    this.#window = find(dialog, '.timeline select', HTMLSelectElement);
    this.#window.addEventListener('change', () => this.show(this.#sessionId));
    this.slider.addEventListener('pointermove', (event) => this.#moveTo(this.#bucketAt(event)));
    this.slider.addEventListener('pointerleave', () => this.#moveTo(null));
    this.slider.addEventListener('click', (event) => this.#choose(this.#bucketAt(event)));
    this.slider.addEventListener('keydown', (event) => this.#key(event));
    new ResizeObserver(() => this.repaint()).observe(this.slider);
  }

  /** Null shows nothing. */
  show(sessionId: string | null): void {
    clearTimeout(this.#timer);
    this.#sessionId = sessionId;
    this.#timeline = null;
    this.#at = null;
    this.repaint();
    if (sessionId !== null) void this.#ask(sessionId);
  }

  repaint(): void {
    const { slider } = this;
    slider.width = Math.max(Math.round(slider.clientWidth * devicePixelRatio), 1);
    slider.height = Math.max(Math.round(slider.clientHeight * devicePixelRatio), 1);
    drawTimeline(slider, this.#timeline, (name) => this.#filter.shows(name), this.#at);
    this.#say();
  }

  async #ask(sessionId: string): Promise<void> {
    const windowS = Number(this.#window.value);
    let failed = '';
    if (!document.hidden) {
      const since = Date.now() / 1000 - windowS;
      const timeline = await this.#api.timeline(sessionId, since, bucketCount).catch((error) => {
        failed = t('timeline.failed', { why: errorWords(error) });
        return null;
      });
      if (sessionId !== this.#sessionId || windowS !== Number(this.#window.value)) return;
      if (timeline !== null) this.#timeline = timeline;
      this.repaint();
      if (failed !== '') setText(this.#said, failed);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(sessionId), everyMs(windowS));
  }

  #key(event: KeyboardEvent): void {
    const at = this.#at ?? bucketCount - 1;
    const places: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      PageDown: at - 10,
      PageUp: at + 10,
      Home: 0,
      End: bucketCount - 1,
    };
    const place = places[event.key];
    if (place !== undefined) this.#moveTo(Math.min(Math.max(place, 0), bucketCount - 1));
    else if (event.key === 'Enter') this.#choose(at);
    else return;
    event.preventDefault();
  }

  #bucketAt({ offsetX }: MouseEvent): number {
    const at = Math.floor((offsetX / Math.max(this.slider.clientWidth, 1)) * bucketCount);
    return Math.min(Math.max(at, 0), bucketCount - 1);
  }

  #moveTo(at: number | null): void {
    if (at === this.#at) return;
    this.#at = at;
    this.repaint();
  }

  #choose(at: number): void {
    const bucket = this.#timeline?.buckets[at];
    if (bucket !== undefined) this.#replay(bucket.time * 1000);
  }

  #say(): void {
    const { slider } = this;
    const words = this.#words();
    setText(this.#said, words);
    slider.ariaValueMin = '0';
    slider.ariaValueMax = String(bucketCount - 1);
    slider.ariaValueNow = String(this.#at ?? bucketCount - 1);
    slider.ariaValueText = words || '–';
  }

  #words(): string {
    const timeline = this.#timeline;
    if (timeline === null) return '';
    const bucket = this.#at === null ? undefined : timeline.buckets[this.#at];
    if (bucket !== undefined) {
      const seen = Object.entries(bucket.classes)
        .filter(([name]) => this.#filter.shows(name))
        .sort(([, a], [, b]) => b.mean - a.mean)
        .map(([name, { mean }]) => `${Number(mean.toFixed(1))} ${name}`);
      const time = clock(bucket.time * 1000);
      return t('timeline.at', { time, seen: seen.join(', ') || t('nothingSeen') });
    }
    if (timeline.buckets.every(({ frames }) => frames === 0)) return t('timeline.empty');
    return timeline.sampled ? `${t('timeline.hint')} ${t('timeline.sampled')}` : t('timeline.hint');
  }
}
