import { type ConsumerInfo, connect, type NatsConnection, type StreamInfo } from 'nats';
import type { Deployment } from './deployment.js';

/** What the user `cli` sees of a deployment's NATS, by whichever servers run at present. */
export class NatsView implements AsyncDisposable {
  readonly #connection: NatsConnection;

  private constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  /** @param services of the compose files that run a nats-server */
  static async open(deployment: Deployment, services: readonly string[]): Promise<NatsView> {
    const ports = await Promise.allSettled(services.map((name) => deployment.port(name, 4222)));
    const servers = ports.flatMap((port) => (port.status === 'fulfilled' ? [port.value] : []));
    const pass = deployment.key('NATS_CLI_PASSWORD');
    const login = { user: 'cli', pass, inboxPrefix: '_INBOX_cli' };
    return new NatsView(await connect({ servers, ...login, timeout: 5_000 }));
  }

  /** Every stream, those of the buckets included. */
  async streams(): Promise<StreamInfo[]> {
    const manager = await this.#connection.jetstreamManager({ checkAPI: false });
    const streams = [];
    for await (const stream of manager.streams.list()) streams.push(stream);
    return streams;
  }

  /** The consumer of tickets that all detectors share. */
  async consumer(): Promise<ConsumerInfo> {
    const manager = await this.#connection.jetstreamManager({ checkAPI: false });
    return manager.consumers.info('TICKETS', 'detectors');
  }

  /** What each detector dropped, by reason. */
  async drops(): Promise<Record<string, number>[]> {
    const stats = this.#connection.services.client().stats('detector');
    const drops = [];
    for await (const { endpoints } of await stats) {
      drops.push((endpoints?.[0]?.data as { dropped: Record<string, number> }).dropped);
    }
    return drops;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection.close();
  }
}
