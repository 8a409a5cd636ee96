import { type NatsServer, type NatsUser, natsLogin } from '@framebus/test';
import { connect, Events, type NatsConnection } from 'nats';

/** A plain client logged in as a user, which notes what the server refuses it. */
export class NatsClient implements AsyncDisposable {
  readonly connection: NatsConnection;
  /** Subjects, as `publish frames.a` or `subscription $SRV.PING`. */
  readonly refusals: string[] = [];

  private constructor(connection: NatsConnection) {
    this.connection = connection;
    void this.#watch();
  }

  static async open(server: NatsServer, user: NatsUser): Promise<NatsClient> {
    const { natsUser, natsPassword } = natsLogin(user);
    const servers = server.url;
    const login = { user: natsUser, pass: natsPassword, inboxPrefix: `_INBOX_${user}` };
    return new NatsClient(await connect({ servers, ...login, name: `test-${user}` }));
  }

  /** Whether the server refuses it. A publish that is not refused is made, with an empty payload. */
  async isRefused(operation: 'publish' | 'subscription', subject: string): Promise<boolean> {
    const before = this.refusals.length;
    if (operation === 'publish') this.connection.publish(subject);
    else this.connection.subscribe(subject, { callback: () => {} });
    // The refusal comes before the answer to this, and is told a little later.
    await this.connection.flush();
    await new Promise(setImmediate);
    return this.refusals.slice(before).includes(`${operation} ${subject}`);
  }

  async #watch(): Promise<void> {
    for await (const { type, permissionContext } of this.connection.status()) {
      if (type !== Events.Error || permissionContext === undefined) continue;
      this.refusals.push(`${permissionContext.operation} ${permissionContext.subject}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.connection.close();
  }
}
