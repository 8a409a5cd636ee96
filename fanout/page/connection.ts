import { Api, ApiError, type Session } from './api.js';
import { backoffMs } from './backoff.js';
import { find, setText } from './element.js';
import { findKey, forgetKey, keepKey, serverKey } from './key.js';
import { KeyForm } from './key-form.js';
import { Poll } from './poll.js';
import { errorWords, healthWords } from './words.js';

const sessionsEveryMs = 3000;
const healthEveryMs = 5000;

/** What the control API says, asked again and again, and the bar that shows whether it answers. */
export class Connection {
  readonly api = new Api();
  readonly #sessions: (sessions: readonly Session[]) => void;
  readonly #refused: () => void;
  readonly #state = find(document, '#state', HTMLElement);
  readonly #health = find(document, '#health', HTMLElement);
  readonly #keyForm = new KeyForm((key) => this.#enter(key));
  readonly #sessionPoll = new Poll(() => this.#askSessions());
  #failures = 0;
  #typed = false;

  /** `sessions` gets each list of sessions; `refused` is called when the key is missing or not good. */
  constructor(sessions: (sessions: readonly Session[]) => void, refused: () => void) {
    this.#sessions = sessions;
    this.#refused = refused;
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

  #enter(key: string): void {
    this.#typed = true;
    this.#refused();
    this.api.key = key;
    this.#tell('pending', 'Connecting');
    this.refresh();
  }

  async #askSessions(): Promise<number> {
    const { key } = this.api;
    if (key === '')
      return this.#askForKey('framebus asks for an API key. It is kept in this browser.');
    try {
      const sessions = await this.api.sessions();
      if (key !== this.api.key) return 0;
      this.#succeed(key);
      this.#sessions(sessions);
      return sessionsEveryMs;
    } catch (error) {
      return this.#fail(error, key);
    }
  }

  #succeed(key: string): void {
    this.#failures = 0;
    this.#tell('running', 'Connected');
    if (!this.#typed) return;
    this.#typed = false;
    keepKey(key);
    this.#keyForm.hide();
  }

  async #fail(error: unknown, key: string): Promise<number> {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401 || error.status === 403) return this.#refuse(error, key);
    this.#failures += 1;
    this.#tell('reconnecting', errorWords(error));
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
    this.#tell('error', 'No key');
    this.#refused();
    this.#keyForm.ask(why);
    return Infinity;
  }

  async #askHealth(): Promise<number> {
    try {
      const health = await this.api.health();
      setText(this.#health, healthWords(health));
      this.#health.dataset['state'] = health.status === 'healthy' ? 'running' : 'reconnecting';
    } catch {
      setText(this.#health, 'Health unknown');
      this.#health.dataset['state'] = 'error';
    }
    return healthEveryMs;
  }

  #tell(state: string, words: string): void {
    this.#state.dataset['state'] = state;
    setText(this.#state, words);
  }
}
