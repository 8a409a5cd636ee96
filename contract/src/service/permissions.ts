import type { Logger } from './log.js';

/** How long one refused publish counts, in ms. */
const publishCountsMs = 10_000;
const logEveryMs = 10_000;
const maxLost = 100;

/** What the server refused this process. It tells so only aside, long after the publish or subscription returned. */
export class Permissions {
  readonly #log: Logger;
  readonly #user: string;
  readonly #lost = new Set<string>();
  readonly #loggedAt = new Map<string, number>();
  #publish: { readonly subject: string; readonly at: number } | undefined;
  #unlogged = 0;

  constructor(user: string, log: Logger) {
    this.#user = user;
    this.#log = log;
  }

  /**
   * What is refused at present, in words. A refused subscription counts as long as the process lives, since the client
   * does not try it again, a refused publish for 10 s.
   */
  get refused(): string | undefined {
    const [subscription] = this.#lost;
    if (subscription !== undefined) return this.#words('subscription', subscription);
    const { subject, at } = this.#publish ?? { subject: '', at: Number.NEGATIVE_INFINITY };
    if (performance.now() - at > publishCountsMs) return undefined;
    return this.#words('publish', subject);
  }

  /** To be told of each refusal. Logs each kind of subject at most once in 10 s. */
  add(operation: string, subject: string): void {
    const at = performance.now();
    if (operation === 'publish') this.#publish = { subject, at };
    else if (this.#lost.size < maxLost) this.#lost.add(subject);
    // The first token is of few kinds, unlike sessions.
    const kind = `${operation} ${subject.split('.', 1)[0]}`;
    if (at - (this.#loggedAt.get(kind) ?? Number.NEGATIVE_INFINITY) < logEveryMs) {
      this.#unlogged += 1;
      return;
    }
    this.#loggedAt.set(kind, at);
    const more = this.#unlogged;
    this.#unlogged = 0;
    this.#log.error(
      { user: this.#user, operation, subject, more },
      `NATS permission denied: ${this.#words(operation, subject)}`,
    );
  }

  #words(operation: string, subject: string): string {
    return `user ${this.#user || '(none)'} has no permission for ${operation} ${subject}`;
  }
}
