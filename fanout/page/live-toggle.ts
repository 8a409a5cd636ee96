import { find, setText } from './element.js';
import { t } from './language.js';
import type { LivePlayer } from './live-player.js';
import type { Tile } from './tile.js';
import { type WebRtcServer, whepEndpoint } from './whep-endpoint.js';
import { offWords } from './words.js';

/**
 * The button for live video of the camera in large, there when its camera is at a MediaMTX that browsers
 * reach. What fails is said, and the analysed frames are shown again. The player is loaded on first use.
 */
export class LiveToggle {
  readonly #button: HTMLButtonElement;
  readonly #said: HTMLElement;
  readonly #off: HTMLElement;
  readonly #ask: () => Promise<WebRtcServer>;
  #server: WebRtcServer | null = null;
  #tile: Tile | null = null;
  #player: LivePlayer | null = null;
  #wanted = false;

  constructor(dialog: HTMLElement, ask: () => Promise<WebRtcServer>) {
    this.#ask = ask;
    this.#button = find(dialog, '.live', HTMLButtonElement);
    this.#said = find(dialog, '.live-said', HTMLElement);
    this.#off = find(dialog, '.live-off', HTMLElement);
    this.#button.addEventListener('click', () => {
      this.#stop();
      setText(this.#said, '');
      this.#want(!this.#wanted);
      if (this.#wanted) void this.#play();
    });
  }

  /** The camera in large; null when there is none. Live video that was wanted goes on with the next camera. */
  show(tile: Tile | null): void {
    this.#stop();
    setText(this.#said, '');
    this.#tile = tile;
    this.#button.hidden = this.#endpoint() === null;
    if (tile === null) this.#want(false);
    else void this.#offer(tile);
  }

  /** Ends live video, if it plays: something else is shown. */
  stop(): void {
    this.#stop();
    this.#want(false);
    setText(this.#said, '');
  }

  /** Writes how far off the boxes are; to be called several times a second. */
  refresh(): void {
    setText(this.#off, this.#player === null ? '' : offWords(this.#player.offMs));
  }

  async #offer(tile: Tile): Promise<void> {
    // Without an answer there is no live video; the next camera in large asks again.
    this.#server ??= await this.#ask().catch(() => null);
    if (tile !== this.#tile) return;
    this.#button.hidden = this.#endpoint() === null;
    if (this.#wanted && !this.#button.hidden) await this.#play();
  }

  async #play(): Promise<void> {
    const { LivePlayer } = await import('./live-player.js');
    const [tile, server, endpoint] = [this.#tile, this.#server, this.#endpoint()];
    if (!this.#wanted || tile === null || server === null || endpoint === null) return;
    this.#stop();
    setText(this.#said, t('live.connecting'));
    this.#player = new LivePlayer(
      { ...server, endpoint },
      tile.picture,
      () => setText(this.#said, t('live.playing')),
      (why) => {
        this.#stop();
        this.#want(false);
        setText(this.#said, t('live.failed', { why }));
      },
    );
  }

  #stop(): void {
    this.#player?.dispose();
    this.#player = null;
    setText(this.#off, '');
  }

  #want(wanted: boolean): void {
    this.#wanted = wanted;
    this.#button.ariaPressed = String(wanted);
  }

  #endpoint(): string | null {
    if (this.#tile === null || this.#server === null) return null;
    return whepEndpoint(this.#tile.session.stream_url, this.#server);
  }
}
