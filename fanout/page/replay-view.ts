import type { Api } from './api.js';
import { find, setText } from './element.js';
import { clock, t } from './language.js';
import { Replay } from './replay.js';
import type { Tile } from './tile.js';
import { errorWords } from './words.js';

const speeds = [1, 4, 16];

/** The line under the picture while boxes of before are drawn over it, and the way back to live. */
export class ReplayView {
  readonly #root: HTMLElement;
  readonly #said: HTMLElement;
  readonly #speed: HTMLSelectElement;
  readonly #api: Api;
  #replay: Replay | null = null;
  #tile: Tile | null = null;

  constructor(dialog: HTMLElement, api: Api) {
    this.#api = api;
    this.#root = find(dialog, '.replay', HTMLElement);
    this.#said = find(this.#root, 'p', HTMLElement);
    this.#speed = find(this.#root, 'select', HTMLSelectElement);
    this.#speed.addEventListener('change', () => {
      if (this.#replay !== null) this.#replay.speed = Number(this.#speed.value);
    });
    find(this.#root, 'button', HTMLButtonElement).addEventListener('click', () => this.stop());
  }

  /** @param fromMs ms since the epoch */
  play(tile: Tile, fromMs: number): void {
    this.stop();
    this.#tile = tile;
    this.#root.hidden = false;
    const options = speeds.map((n) => new Option(t('replay.speed', { n }), String(n)));
    this.#speed.replaceChildren(...options);
    setText(this.#said, t('replay.at', { time: clock(fromMs) }));
    tile.picture.follow(() => {}, true);
    const { session_id } = tile.session;
    this.#replay = new Replay(
      this.#api,
      session_id,
      fromMs,
      (result) => {
        tile.picture.showBoxes(result);
        setText(this.#said, t('replay.at', { time: clock(result.captured_at) }));
      },
      (error) => this.#end(error),
    );
  }

  stop(): void {
    this.#replay?.dispose();
    this.#replay = null;
    this.#root.hidden = true;
    this.#tile?.picture.follow(null);
    this.#tile = null;
  }

  #end(error: unknown): void {
    this.stop();
    this.#root.hidden = false;
    setText(this.#said, error === null ? t('replay.end') : errorWords(error));
  }
}
