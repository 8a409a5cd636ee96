import type { Api } from './api.js';
import { detectionRows, writeFacts } from './details.js';
import { closable } from './dialog.js';
import { find, setText } from './element.js';
import type { Filter } from './filter.js';
import { tCount } from './language.js';
import { LiveToggle } from './live-toggle.js';
import { nameOf } from './names.js';
import { RenameForm } from './rename-form.js';
import { ReplayView } from './replay-view.js';
import type { Tile } from './tile.js';
import { TimelineView } from './timeline-view.js';
import { statusWords } from './words.js';

const refreshMs = 250;

/** One camera in large, with its details and timeline. Escape closes it, the arrow keys go to the next. */
export class LargeView {
  readonly #dialog = closable('#large');
  readonly #stage = find(this.#dialog, '.stage', HTMLElement);
  readonly #live: LiveToggle;
  readonly #replay: ReplayView;
  readonly #timeline: TimelineView;
  readonly #rename: RenameForm;
  readonly #filter: Filter;
  #tile: Tile | null = null;

  /** `next` gives the camera to go to from a tile: 1 forward, -1 back. */
  constructor(
    filter: Filter,
    next: (from: Tile, places: 1 | -1) => Tile | undefined,
    rename: (id: string, name: string | null) => Promise<void>,
    api: Api,
  ) {
    this.#filter = filter;
    this.#live = new LiveToggle(this.#dialog, () => api.webrtc());
    this.#replay = new ReplayView(this.#dialog, api);
    this.#timeline = new TimelineView(this.#dialog, api, filter, (atMs) => this.replay(atMs));
    this.#rename = new RenameForm(this.#dialog, rename);
    this.#dialog.addEventListener('close', () => this.#giveBack());
    this.#dialog.addEventListener('keydown', (event) => {
      const { key, target } = event;
      const typing = target instanceof HTMLSelectElement || target instanceof HTMLInputElement;
      const taken = typing || target === this.#timeline.slider;
      const places = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
      const tile =
        taken || places === 0 || this.#tile === null ? undefined : next(this.#tile, places);
      if (tile !== undefined) this.open(tile);
    });
    setInterval(() => this.refresh(), refreshMs);
  }

  open(tile: Tile): void {
    if (tile === this.#tile) return;
    this.#leave();
    this.#tile = tile;
    this.#stage.append(tile.picture.element);
    this.#live.show(tile);
    this.#timeline.show(tile.session.session_id);
    this.#rename.show(tile);
    this.refresh();
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  /** Plays the camera's boxes from a time on (ms since the epoch). */
  replay(atMs: number): void {
    if (this.#tile === null) return;
    this.#live.stop();
    this.#replay.play(this.#tile, atMs);
  }

  close(): void {
    this.#dialog.close();
  }

  /** Draws again, after the filter changed. */
  repaint(): void {
    this.#timeline.repaint();
    this.refresh();
  }

  refresh(): void {
    const tile = this.#tile;
    if (tile === null || document.hidden) return;
    if (!tile.element.isConnected) return this.close();
    const detections = this.#filter.apply(tile.picture.shown?.detections ?? []);
    setText(find(this.#dialog, '.name', HTMLElement), nameOf(tile.session));
    setText(find(this.#dialog, '.state', HTMLElement), statusWords(tile.status));
    this.#dialog.dataset['state'] = tile.status;
    this.#live.refresh();
    setText(find(this.#dialog, '.seen', HTMLElement), tCount('objects', detections.length));
    writeFacts(find(this.#dialog, '.facts', HTMLElement), tile);
    find(this.#dialog, '.detections', HTMLElement).replaceChildren(...detectionRows(detections));
  }

  #leave(): Tile | null {
    const tile = this.#tile;
    this.#tile = null;
    this.#replay.stop();
    this.#live.show(null);
    this.#timeline.show(null);
    this.#rename.show(null);
    tile?.takeBack();
    return tile;
  }

  #giveBack(): void {
    this.#leave()?.focus();
  }
}
