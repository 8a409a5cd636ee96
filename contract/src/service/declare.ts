import type { ConsumerConfig, JetStreamManager, StreamConfig } from 'nats';
import { detectorsConsumer, streamConfigs } from '../streams.js';
import type { Logger } from './log.js';

/** What a process declares; it waits for the rest. Its NATS user may declare this and no more. */
export type Declares = readonly ('streams' | 'consumer')[];

/** Err codes of JetStream: nothing has that name. */
export const streamNotFound = 10059;
const consumerNotFound = 10014;

/**
 * Declares the streams, those of the buckets included, and the consumer; does nothing to those that are there.
 * @throws when something is not there that this process does not declare
 */
export async function declare(
  manager: JetStreamManager,
  declares: Declares,
  replicas: number,
  log: Logger,
): Promise<void> {
  for (const stream of streamConfigs(replicas)) {
    if (declares.includes('streams')) await declareStream(manager, stream, log);
    else await manager.streams.info(stream.name);
  }
  if (declares.includes('consumer')) await declareConsumer(manager);
}

/**
 * Adds a stream only where it is missing: the server counts what an addition asks for even if it is there, and so
 * refuses those of processes that start together, but for one. One that is declared otherwise is changed, replicas
 * included: the server moves them while the stream goes on.
 */
async function declareStream(
  manager: JetStreamManager,
  wanted: Partial<StreamConfig> & { name: string },
  log: Logger,
): Promise<void> {
  try {
    const { config } = await manager.streams.info(wanted.name);
    const changed = differences(wanted, config);
    if (changed.length === 0) return;
    await manager.streams.update(wanted.name, wanted);
    log.info({ stream: wanted.name, changed }, 'stream changed');
  } catch (error) {
    if (jetStreamErrorCode(error) !== streamNotFound) throw error;
    await manager.streams.add(wanted).catch(async (refusal: unknown) => {
      await manager.streams.info(wanted.name).catch(() => {
        throw refusal;
      });
    });
  }
}

/** Asks first, so that the consumer of a cluster is not proposed again by each of many detectors. */
async function declareConsumer(manager: JetStreamManager): Promise<void> {
  const wanted: Partial<ConsumerConfig> = detectorsConsumer;
  try {
    const { config } = await manager.consumers.info('TICKETS', detectorsConsumer.durable_name);
    if (differences(wanted, config).length === 0) return;
  } catch (error) {
    if (jetStreamErrorCode(error) !== consumerNotFound) throw error;
  }
  await manager.consumers.add('TICKETS', wanted);
}

/** Names of the fields that `wanted` has otherwise than `found`. */
function differences(wanted: object, found: object): string[] {
  const have = new Map(Object.entries(found));
  return Object.entries(wanted)
    .filter(([key, value]) => JSON.stringify(have.get(key)) !== JSON.stringify(value))
    .map(([key]) => key);
}

/** `err_code` of an error that the JetStream API gave, else undefined. */
export function jetStreamErrorCode(error: unknown): number | undefined {
  return (error as { api_error?: { err_code?: number } } | null)?.api_error?.err_code;
}
