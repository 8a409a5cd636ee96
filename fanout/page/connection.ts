import type { Health, Session } from './answers.js';
import { Api } from './api.js';
import { ApiError } from './api-error.js';
import { backoffMs } from './backoff.js';
import { find, setText } from './element.js';
import { findKey, forgetKey, keepKey, serverKey } from './key.js';
import { KeyForm } from './key-form.js';
import { t } from './language.js';
import { Poll } from './poll.js';
import { errorWords, healthWords } from './words.js';

const sessionsEveryMs = 3000;
const healthEveryMs = 5000;

export interface ConnectionOwner {
  /** Gets each list of sessions. */
  sessions(sessions: readonly Session[]): void;
  /** Gets each report; null when there was none. Gives whether something needs attention. */
  health(health: Health | null): boolean;
  /** Called when a key was found good. */
  opened(): void;
  /** Called when the key is missing or not good. */
  refused(): void;
}

/** What the control API says, asked again and again, and the bar that shows whether it answers. */
export class Connection {
  readonly api = new Api();
  readonly #owner: ConnectionOwner;
  readonly #state = find(document, '#state', HTMLElement);
  readonly #healthChip = find(document, '#health', HTMLElement);
  readonly #keyForm = new KeyForm((key) => this.#enter(key));
  readonly #sessionPoll = new Poll(() => this.#askSessions());
  #failures = 0;
  #typed = false;
  #goodKey = '';
  #said: readonly [state: string, words: () => string] = ['pending', () => t('link.connecting')];
  #health: Health | null | undefined;

  constructor(owner: ConnectionOwner) {
    this.#owner = owner;
    this.say();
  }

  async start(): Promise<void> {
    new Poll(() => this.#askHealth()).now();
    this.api.key = (await findKey()) ?? '';
    this.refresh();
  }

  /** Asks for the sessions now. */
  refresh(): void {
    this.#sessionPoll.now();
  }

  /** Writes again how things are, after the language changed. */
  say(): void {
    const [state, words] = this.#said;
    this.#state.dataset['state'] = state;
    document.body.dataset['link'] = state;
    setText(this.#state, words());
    this.#sayHealth();
  }

  #enter(key: string): void {
    this.#typed = true;
    this.#owner.refused();
    this.api.key = key;
    this.#tell('pending', () => t('link.connecting'));
    this.refresh();
  }

  async #askSessions(): Promise<number> {
    const { key } = this.api;
    if (key === '') return this.#askForKey(t('key.wanted'));
    try {
      const sessions = await this.api.sessions();
      if (key !== this.api.key) return 0;
      this.#succeed(key);
      this.#owner.sessions(sessions);
      return sessionsEveryMs;
    } catch (error) {
      return this.#fail(error, key);
    }
  }

  #succeed(key: string): void {
    this.#failures = 0;
    this.#tell('running', () => t('link.connected'));
    if (key !== this.#goodKey) this.#owner.opened();
    this.#goodKey = key;
    if (!this.#typed) return;
    this.#typed = false;
    keepKey(key);
    this.#keyForm.hide();
  }

  async #fail(error: unknown, key: string): Promise<number> {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401 || error.status === 403) return this.#refuse(error, key);
    this.#failures += 1;
    this.#tell('reconnecting', () => errorWords(error));
    return Math.max(error.retryAfterMs, backoffMs(this.#failures), sessionsEveryMs);
  }

  /** A key kept from before may be another place's: the server's own is tried before asking. */
  async #refuse(error: ApiError, key: string): Promise<number> {
    forgetKey();
    const own = this.#typed ? null : await serverKey();
    if (own !== null && own !== key) {
      this.api.key = own;
      return 0;
    }
    this.api.key = '';
    return this.#askForKey(errorWords(error));
  }

  #askForKey(why: string): number {
    this.#tell('error', () => t('key.none'));
    this.#goodKey = '';
    this.#owner.refused();
    this.#keyForm.ask(why);
    return Infinity;
  }

  async #askHealth(): Promise<number> {
    this.#health = await this.api.health().catch(() => null);
    this.#sayHealth();
    return healthEveryMs;
  }

  #sayHealth(): void {
    const health = this.#health;
    const wrong = health !== undefined && this.#owner.health(health);
    const words = health ? healthWords(health) : t('health.unknown');
    if (health === undefined) setText(this.#healthChip, t('health.asking'));
    else setText(this.#healthChip, wrong ? t('health.attention', { detectors: words }) : words);
    const state = health ? 'running' : 'error';
    this.#healthChip.dataset['state'] =
      health === undefined ? 'pending' : wrong ? 'reconnecting' : state;
  }

  #tell(state: string, words: () => string): void {
    this.#said = [state, words];
    this.say();
  }
}
