import { setTimeout as sleep } from 'node:timers/promises';
import type { JetStreamClient, JetStreamManager, KV, NatsConnection, Status } from 'nats';
import { type BucketName, buckets } from '../streams.js';
import { type Declares, declare } from './declare.js';
import type { Logger } from './log.js';
import { connectNats } from './nats-connect.js';
import { natsReason } from './nats-reason.js';
import type { NatsConfig } from './nats-settings.js';
import { Permissions } from './permissions.js';

/** How long an answer of the JetStream API is waited for, in ms: there is none while a cluster elects a leader. */
const apiTimeoutMs = 2_000;
const answerMs = 1_000;
const retryMs = 500;
const logEveryMs = 10_000;

/**
 * The connection of a process to NATS, with the streams, the consumer and the buckets of framebus there.
 * What the process declares is declared again after each reconnect, since what the server kept in memory may be gone.
 */
export class Bus implements AsyncDisposable {
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly #config: NatsConfig;
  readonly #manager: JetStreamManager;
  readonly #declares: Declares;
  readonly #log: Logger;
  readonly #permissions: Permissions;
  readonly #buckets = new Map<BucketName, KV>();
  readonly #redeclared = new Set<() => void>();
  #declaring: Promise<void> | undefined;
  #connected = true;
  #reconnects = 0;

  private constructor(
    connection: NatsConnection,
    manager: JetStreamManager,
    config: NatsConfig,
    declares: Declares,
    log: Logger,
  ) {
    this.connection = connection;
    this.jetstream = connection.jetstream({ checkAPI: false });
    this.#config = config;
    this.#manager = manager;
    this.#declares = declares;
    this.#log = log;
    this.#permissions = new Permissions(config.natsUser ?? '', log);
    void this.#watch();
  }

  /**
   * Connects, trying for as long as it takes or until `signal` is aborted.
   * @param declares what this process declares; it waits for the rest
   */
  static async open(
    config: NatsConfig,
    name: string,
    log: Logger,
    signal?: AbortSignal,
    declares: Declares = ['streams', 'consumer'],
  ): Promise<Bus> {
    const servers = config.natsUrl;
    let last = { reason: '', at: 0 };
    for (;;) {
      let connection: NatsConnection | undefined;
      try {
        connection = await connectNats(config, name);
        const options = { checkAPI: false, timeout: apiTimeoutMs };
        const manager = await connection.jetstreamManager(options);
        const bus = new Bus(connection, manager, config, declares, log);
        await bus.#bind();
        await bus.declare();
        return bus;
      } catch (error) {
        await connection?.close();
        const reason = natsReason(error, config);
        if (reason !== last.reason || performance.now() - last.at > logEveryMs) {
          log.warn({ reason, servers }, 'NATS not ready, trying again');
          last = { reason, at: performance.now() };
        }
        await sleep(retryMs, undefined, signal && { signal });
      }
    }
  }

  /** What the server refuses to this process at present, in words: then it can not do its work. See Permissions. */
  get refused(): string | undefined {
    return this.#permissions.refused;
  }

  /**
   * Why the process can not do its work at present, in words; undefined when it can: NATS answers, refuses nothing, and
   * has what the process needs. Takes 3 s at most.
   */
  async unready(): Promise<string | undefined> {
    const answered = this.connection.rtt().then(
      () => true,
      () => false,
    );
    if (!(await Promise.race([answered, sleep(answerMs, false, { ref: false })]))) {
      return 'NATS does not answer';
    }
    if (this.refused !== undefined) return this.refused;
    const declared = this.declare().then(
      () => undefined,
      (error: unknown) => `JetStream is not ready: ${natsReason(error, this.#config)}`,
    );
    const late = sleep(apiTimeoutMs, 'JetStream does not answer', { ref: false });
    return Promise.race([declared, late]);
  }

  /** Whether a server is connected. */
  get connected(): boolean {
    return this.#connected && !this.connection.isClosed();
  }

  /** How often a server was connected again. */
  get reconnects(): number {
    return this.#reconnects;
  }

  /** A bucket. Its entries are read from the leader of its stream, so they are never out of date. */
  bucket(name: BucketName): KV {
    const kv = this.#buckets.get(name);
    if (kv === undefined) throw new Error(`no bucket ${name}`);
    return kv;
  }

  /** Calls `listener` whenever streams and buckets may have lost what they held. Returns its removal. */
  onRedeclared(listener: () => void): () => void {
    this.#redeclared.add(listener);
    return () => this.#redeclared.delete(listener);
  }

  /** Declares what this process declares; does nothing to what is there. */
  declare(): Promise<void> {
    const replicas = this.#config.natsReplicas ?? 1;
    this.#declaring ??= declare(this.#manager, this.#declares, replicas, this.#log).finally(() => {
      this.#declaring = undefined;
    });
    return this.#declaring;
  }

  async #bind(): Promise<void> {
    for (const name of Object.keys(buckets) as BucketName[]) {
      const kv = await this.jetstream.views.kv(name, { bindOnly: true, allow_direct: false });
      this.#buckets.set(name, kv);
    }
  }

  async #watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'reconnect') {
        this.#connected = true;
        this.#reconnects += 1;
        this.#log.info({ server: status.data }, 'NATS reconnected');
        void this.#redeclare();
      } else if (status.type === 'disconnect') {
        this.#connected = false;
        this.#log.warn({ server: status.data }, 'NATS disconnected');
      } else if (status.type === 'error') {
        this.#error(status);
      }
    }
  }

  #error(status: Status): void {
    const { permissionContext } = status;
    if (permissionContext) {
      this.#permissions.add(permissionContext.operation, permissionContext.subject);
    } else {
      this.#log.error({ reason: natsReason({ code: status.data }, this.#config) }, 'NATS error');
    }
  }

  async #redeclare(): Promise<void> {
    while (!this.connection.isClosed()) {
      try {
        await this.declare();
        for (const listener of this.#redeclared) listener();
        return;
      } catch (error) {
        const reason = natsReason(error, this.#config);
        this.#log.warn({ reason }, 'JetStream not ready, trying again');
        await sleep(retryMs / 2);
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
