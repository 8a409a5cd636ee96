import { detectionRows, writeFacts } from './details.js';
import { find, setText } from './element.js';
import type { Filter } from './filter.js';
import { LiveToggle } from './live-toggle.js';
import type { Tile } from './tile.js';
import type { WebRtcServer } from './whep-endpoint.js';
import { countWords, statusWords } from './words.js';

const refreshMs = 250;

/** One camera in large, with its details. Escape closes it, the arrow keys go to the next. */
export class LargeView {
  readonly #dialog = find(document, '#large', HTMLDialogElement);
  readonly #stage = find(this.#dialog, '.stage', HTMLElement);
  readonly #live: LiveToggle;
  readonly #filter: Filter;
  #tile: Tile | null = null;

  /**
   * `next` gives the camera to go to from a tile: 1 forward, -1 back.
   * `webrtc` asks where cameras play live.
   */
  constructor(
    filter: Filter,
    next: (from: Tile, places: 1 | -1) => Tile | undefined,
    webrtc: () => Promise<WebRtcServer>,
  ) {
    this.#filter = filter;
    this.#live = new LiveToggle(this.#dialog, webrtc);
    this.#dialog.addEventListener('close', () => this.#giveBack());
    this.#dialog.addEventListener('click', ({ target }) => {
      if (target === this.#dialog) this.close();
    });
    find(this.#dialog, '.close', HTMLButtonElement).addEventListener('click', () => this.close());
    this.#dialog.addEventListener('keydown', ({ key }) => {
      const places = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
      const tile = places === 0 || this.#tile === null ? undefined : next(this.#tile, places);
      if (tile !== undefined) this.open(tile);
    });
    setInterval(() => this.refresh(), refreshMs);
  }

  open(tile: Tile): void {
    this.#tile?.takeBack();
    this.#tile = tile;
    this.#stage.append(tile.picture.element);
    this.#live.show(tile);
    this.refresh();
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  close(): void {
    this.#dialog.close();
  }

  /** Closes when it shows the session. */
  closeOn(sessionId: string): void {
    if (this.#tile?.session.session_id === sessionId) this.close();
  }

  refresh(): void {
    const tile = this.#tile;
    if (tile === null || document.hidden) return;
    if (!tile.element.isConnected) return this.close();
    const detections = this.#filter.apply(tile.picture.shown?.detections ?? []);
    setText(find(this.#dialog, '.name', HTMLElement), tile.session.session_id);
    setText(find(this.#dialog, '.state', HTMLElement), statusWords(tile.status));
    this.#dialog.dataset['state'] = tile.status;
    this.#live.refresh();
    setText(find(this.#dialog, '.seen', HTMLElement), countWords(detections.length, 'object'));
    writeFacts(find(this.#dialog, '.facts', HTMLElement), tile);
    find(this.#dialog, '.detections', HTMLElement).replaceChildren(...detectionRows(detections));
  }

  #giveBack(): void {
    const tile = this.#tile;
    this.#tile = null;
    this.#live.show(null);
    tile?.takeBack();
    tile?.focus();
  }
}
