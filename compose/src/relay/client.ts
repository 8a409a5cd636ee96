import type { Outbox } from './outbox.js';

/** The connection that a reader or publisher came over. */
export interface Client {
  /** Address and port of the other side. */
  readonly address: string;
  readonly outbox: Outbox;
  /** Ends the connection; the reason goes to the log. */
  close(reason: string): void;
}
