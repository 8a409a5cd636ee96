import {
  type AlertEvent,
  type Detection,
  type DetectionEvent,
  subjectOf,
  wrongRevisionErrorCode,
} from '@framebus/contract';
import {
  type Bus,
  jetStreamErrorCode,
  type Logger,
  readTrace,
  traceIds,
} from '@framebus/contract/service';
import { headers as createHeaders, type KV, type MsgHdrs, nanos, StorageType } from 'nats';
import { Cooldowns } from './cooldowns.js';
import type { Counters } from './counters.js';

const bucketName = 'alert-cooldown';

export interface AlertsOptions {
  readonly alertConfidence: number;
  readonly alertCooldownMs: number;
  /** NATS_REPLICAS. */
  readonly replicas: number;
  readonly counters: Counters;
  readonly log: Logger;
  /** Told of an event of which alerts were made, with the detections that made them. */
  readonly raised?: (event: DetectionEvent, detections: readonly Detection[]) => void;
}

/**
 * Makes alerts of detections, at most one per session, class and cool-down over all fanouts:
 * the one that creates the key in the KV bucket publishes, and the key lives as long as the cool-down.
 */
export class Alerts implements Disposable {
  readonly #bus: Bus;
  readonly #options: AlertsOptions;
  readonly #cooldowns: Cooldowns;
  readonly #offRedeclared: () => void;
  #bucket: KV;

  private constructor(bus: Bus, bucket: KV, options: AlertsOptions) {
    this.#bus = bus;
    this.#bucket = bucket;
    this.#options = options;
    this.#cooldowns = new Cooldowns();
    this.#offRedeclared = bus.onRedeclared(() => void this.#reopen());
  }

  static async open(bus: Bus, options: AlertsOptions): Promise<Alerts> {
    return new Alerts(bus, await openBucket(bus, options), options);
  }

  /** Publishes the event's alerts, if there are any; `headers` carry its trace. */
  async consider(event: DetectionEvent, headers: MsgHdrs | undefined): Promise<void> {
    const strongest = new Map<number, DetectionEvent['detections'][number]>();
    for (const detection of event.detections) {
      const { class_id, confidence } = detection;
      if (confidence < this.#options.alertConfidence) continue;
      if (confidence > (strongest.get(class_id)?.confidence ?? -1)) {
        strongest.set(class_id, detection);
      }
    }
    const { session_id, frame_index, captured_at } = event;
    const raised = await Promise.all(
      [...strongest.values()].map(async (detection) => {
        const { class_id, class_name, confidence, bbox } = detection;
        const alert = {
          ...{ session_id, frame_index, captured_at },
          ...{ class_id, class_name, confidence, bbox },
        };
        return (await this.#raise(alert, headers)) ? [detection] : [];
      }),
    );
    if (raised.some(({ length }) => length > 0)) this.#options.raised?.(event, raised.flat());
  }

  /** Whether this process made the alert. */
  async #raise(alert: AlertEvent, headers: MsgHdrs | undefined): Promise<boolean> {
    const { alertCooldownMs, counters, log } = this.#options;
    const key = `${alert.session_id}.${alert.class_id}`;
    if (!this.#cooldowns.begin(key, alertCooldownMs)) return false;
    try {
      await this.#bucket.create(key, new Uint8Array());
      await this.#bus.jetstream.publish(
        subjectOf('alerts', alert.session_id),
        JSON.stringify(alert),
        {
          msgID: `alert:${key}:${alert.frame_index}`,
          ...(headers?.has('traceparent') && { headers: traceOf(headers) }),
        },
      );
      counters.alerts += 1;
      return true;
    } catch (error) {
      // Another fanout made the alert, a while ago perhaps: its cool-down may end before ours would.
      this.#cooldowns.restart(key, Math.min(1_000, alertCooldownMs / 10));
      if (jetStreamErrorCode(error) === wrongRevisionErrorCode) return false;
      counters.alertFailures += 1;
      const { session_id } = alert;
      const ids = traceIds(readTrace(headers));
      log.warn({ session_id, reason: String(error), ...ids }, 'alert not published');
      return false;
    }
  }

  async #reopen(): Promise<void> {
    try {
      this.#bucket = await openBucket(this.#bus, this.#options);
    } catch (error) {
      this.#options.log.warn({ reason: String(error) }, 'alert bucket not opened');
    }
  }

  [Symbol.dispose](): void {
    this.#offRedeclared();
  }
}

async function openBucket(bus: Bus, options: AlertsOptions): Promise<KV> {
  const { alertCooldownMs: ttl, replicas } = options;
  const storage = StorageType.Memory;
  const kv = await bus.jetstream.views.kv(bucketName, { history: 1, storage, ttl, replicas });
  const status = await kv.status();
  if (status.ttl !== ttl || status.replicas !== replicas) {
    // Made with another cool-down or other replicas.
    const manager = await bus.connection.jetstreamManager({ checkAPI: false });
    await manager.streams.update(`KV_${bucketName}`, {
      max_age: nanos(ttl),
      duplicate_window: nanos(Math.min(ttl, 120_000)),
      num_replicas: replicas,
    });
  }
  return kv;
}

function traceOf(from: MsgHdrs): MsgHdrs {
  const hdrs = createHeaders();
  hdrs.set('traceparent', from.get('traceparent'));
  return hdrs;
}
