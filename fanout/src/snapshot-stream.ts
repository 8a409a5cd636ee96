import { type Bus, jetStreamErrorCode } from '@framebus/contract/service';
import {
  DiscardPolicy,
  type JetStreamManager,
  nanos,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from 'nats';

const streamNotFound = 10059;

const wanted = {
  name: 'SNAPSHOTS',
  description: 'pictures of alerts of the last 24 hours',
  subjects: ['snapshots.*.*'],
  storage: StorageType.File,
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  max_msgs_per_subject: 1,
  max_bytes: 256 * 1024 * 1024,
  max_age: nanos(24 * 60 * 60 * 1_000),
  duplicate_window: nanos(1_000),
  allow_direct: true,
} satisfies Partial<StreamConfig>;

/** `snapshots.<session>.<frame index>` */
export function snapshotSubject(sessionId: string, frameIndex: number): string {
  return `snapshots.${sessionId}.${frameIndex}`;
}

/** Adds the stream of snapshots where it is missing. */
export async function declareSnapshots(bus: Bus, replicas: number): Promise<void> {
  const manager = await bus.connection.jetstreamManager({ checkAPI: false });
  try {
    const { config } = await manager.streams.info(wanted.name);
    if (config.num_replicas === replicas) return;
    await manager.streams.update(wanted.name, { ...wanted, num_replicas: replicas });
  } catch (error) {
    if (jetStreamErrorCode(error) !== streamNotFound) throw error;
    await add(manager, replicas);
  }
}

/** Of fanouts that start together one adds it; it is there for the others. */
async function add(manager: JetStreamManager, replicas: number): Promise<void> {
  await manager.streams.add({ ...wanted, num_replicas: replicas }).catch(async (refusal) => {
    await manager.streams.info(wanted.name).catch(() => {
      throw refusal;
    });
  });
}
