import { setTimeout as sleep } from 'node:timers/promises';
import {
  connect,
  type JetStreamClient,
  type JetStreamManager,
  type KV,
  type NatsConnection,
  type StreamConfig,
} from 'nats';
import { type BucketName, buckets, detectorsConsumer, streams } from '../streams.js';
import type { Logger } from './log.js';
import { type ConfigOf, list, type Settings, secret, text } from './settings.js';

export const natsSettings = {
  natsUrl: list('NATS_URL', 'nats://127.0.0.1:4222', 'NATS servers, separated by commas'),
  natsUser: text('NATS_USER', '', 'NATS user; empty: none'),
  natsPassword: secret('NATS_PASSWORD', '', 'password of the NATS user'),
} satisfies Settings;

/** Err code of JetStream: no stream has that name. */
const streamNotFound = 10059;

/**
 * The connection of a process to NATS, with the streams, the consumer and the buckets of framebus there.
 * All of them are declared again after each reconnect, since what the server kept in memory may be gone.
 */
export class Bus implements AsyncDisposable {
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #log: Logger;
  readonly #buckets = new Map<BucketName, KV>();
  readonly #redeclared = new Set<() => void>();
  #declaring: Promise<void> | undefined;

  private constructor(connection: NatsConnection, manager: JetStreamManager, log: Logger) {
    this.connection = connection;
    this.jetstream = connection.jetstream();
    this.#manager = manager;
    this.#log = log;
  }

  /** Connects, trying for as long as it takes or until `signal` is aborted. */
  static async open(
    config: ConfigOf<typeof natsSettings>,
    name: string,
    log: Logger,
    signal?: AbortSignal,
  ): Promise<Bus> {
    for (;;) {
      let connection: NatsConnection | undefined;
      try {
        connection = await connect({
          name,
          servers: [...config.natsUrl],
          ...(config.natsUser && { user: config.natsUser, pass: config.natsPassword }),
          inboxPrefix: `_INBOX_${config.natsUser || name}`,
          maxReconnectAttempts: -1,
          reconnectTimeWait: 250,
          pingInterval: 10_000,
          timeout: 5_000,
        });
        const manager = await connection.jetstreamManager({ checkAPI: false });
        const bus = new Bus(connection, manager, log);
        await bus.declare();
        void bus.#watch();
        return bus;
      } catch (error) {
        await connection?.close();
        const servers = config.natsUrl;
        log.warn({ reason: String(error), servers }, 'NATS not ready, trying again');
        await sleep(500, undefined, signal && { signal });
      }
    }
  }

  /** A declared bucket. */
  bucket(name: BucketName): KV {
    const kv = this.#buckets.get(name);
    if (kv === undefined) throw new Error(`bucket ${name} is not declared`);
    return kv;
  }

  /** Calls `listener` whenever streams and buckets may have lost what they held. Returns its removal. */
  onRedeclared(listener: () => void): () => void {
    this.#redeclared.add(listener);
    return () => this.#redeclared.delete(listener);
  }

  /** Declares streams, consumer and buckets; does nothing to those that are there. */
  declare(): Promise<void> {
    this.#declaring ??= this.#declare().finally(() => {
      this.#declaring = undefined;
    });
    return this.#declaring;
  }

  async #declare(): Promise<void> {
    for (const stream of streams) await this.#declareStream(stream);
    await this.#manager.consumers.add('TICKETS', detectorsConsumer);
    for (const name of Object.keys(buckets) as BucketName[]) {
      this.#buckets.set(name, await this.jetstream.views.kv(name, buckets[name]));
    }
  }

  /**
   * Adds a stream only where it is missing: the server counts what an addition asks for even if it is there, and so
   * refuses those of processes that start together, but for one.
   */
  async #declareStream(stream: (typeof streams)[number]): Promise<void> {
    const wanted = { ...stream, subjects: [...stream.subjects] };
    try {
      const { config } = await this.#manager.streams.info(stream.name);
      const entries = Object.entries(wanted) as [keyof StreamConfig, unknown][];
      if (entries.some(([key, value]) => JSON.stringify(config[key]) !== JSON.stringify(value))) {
        await this.#manager.streams.update(stream.name, wanted);
      }
    } catch (error) {
      if (jetStreamErrorCode(error) !== streamNotFound) throw error;
      await this.#manager.streams.add(wanted).catch(async (refusal: unknown) => {
        await this.#manager.streams.info(stream.name).catch(() => {
          throw refusal;
        });
      });
    }
  }

  async #watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'reconnect') {
        this.#log.info({ server: status.data }, 'NATS reconnected');
        await this.#redeclare();
      } else if (status.type === 'disconnect') {
        this.#log.warn({ server: status.data }, 'NATS disconnected');
      } else if (status.type === 'error') {
        this.#log.error({ reason: status.data }, 'NATS error');
      }
    }
  }

  async #redeclare(): Promise<void> {
    while (!this.connection.isClosed()) {
      try {
        await this.declare();
        for (const listener of this.#redeclared) listener();
        return;
      } catch (error) {
        this.#log.warn({ reason: String(error) }, 'JetStream not ready, trying again');
        await sleep(250);
      }
    }
  }

  /** Sends what waits, then closes. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.connection.isClosed()) {
      await Promise.race([this.connection.drain(), sleep(3_000, undefined, { ref: false })]).catch(
        () => {},
      );
      await this.connection.close();
    }
  }
}

/** `err_code` of an error that the JetStream API gave, else undefined. */
export function jetStreamErrorCode(error: unknown): number | undefined {
  return (error as { api_error?: { err_code?: number } } | null)?.api_error?.err_code;
}
