import type { Detection, SessionStatus } from '@framebus/contract';
import { find, setText } from './element.js';
import { t } from './language.js';
import type { AlertMessage } from './messages.js';
import type { Tile } from './tile.js';

/** What a tile asks of the page around it. */
export interface TileOwner {
  open(tile: Tile): void;
  stop(sessionId: string): void;
  startAgain(sessionId: string): void;
  remove(sessionId: string): void;
  detected(detections: readonly Detection[]): void;
  alerted(alert: AlertMessage): void;
}

/** How long the second press of Remove is waited for. */
const sureMs = 4000;

/** A tile's buttons. Remove must be pressed twice. */
export class TileActions {
  readonly #stop: HTMLButtonElement;
  readonly #start: HTMLButtonElement;
  readonly #remove: HTMLButtonElement;
  #name: string;
  #askedAt = -Infinity;

  constructor(tile: HTMLElement, sessionId: string, owner: TileOwner) {
    this.#name = sessionId;
    this.#stop = find(tile, '.stop', HTMLButtonElement);
    this.#start = find(tile, '.start', HTMLButtonElement);
    this.#remove = find(tile, '.remove', HTMLButtonElement);
    this.#stop.addEventListener('click', () => owner.stop(sessionId));
    this.#start.addEventListener('click', () => owner.startAgain(sessionId));
    this.#remove.addEventListener('click', () => {
      if (this.#sure()) owner.remove(sessionId);
      else this.#askedAt = performance.now();
      this.#label();
    });
  }

  /** @param name of the camera */
  refresh(status: SessionStatus, name: string): void {
    this.#name = name;
    this.#stop.hidden = status === 'stopped';
    this.#start.hidden = status !== 'stopped' && status !== 'error';
    this.#label();
  }

  #sure(): boolean {
    return performance.now() - this.#askedAt < sureMs;
  }

  #label(): void {
    const id = this.#name;
    const sure = this.#sure();
    setText(find(this.#remove, 'span', HTMLElement), sure ? t('tile.sure') : '');
    describe(this.#remove, sure ? `${t('tile.sure')} ${id}` : t('tile.remove', { id }));
    describe(this.#stop, t('tile.stop', { id }));
    describe(this.#start, t('tile.start', { id }));
  }
}

function describe(button: HTMLButtonElement, words: string): void {
  if (button.title === words) return;
  button.title = words;
  button.ariaLabel = words;
}
