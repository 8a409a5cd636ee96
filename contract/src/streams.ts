import {
  AckPolicy,
  type ConsumerConfig,
  DiscardPolicy,
  nanos,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from 'nats';

const MiB = 1024 * 1024;
/** How long the newest frame of a session is kept, and its ticket, in ms. */
export const frameMaxAgeMs = 5_000;

/** Where frames, tickets and events are kept; the reasons are in docs/design.md. */
export const streams = [
  {
    name: 'FRAMES',
    description: 'newest frame of each session',
    subjects: ['frames.*'],
    storage: StorageType.Memory,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_msgs_per_subject: 1,
    max_bytes: 512 * MiB,
    allow_direct: true,
    max_age: nanos(frameMaxAgeMs),
    duplicate_window: nanos(1_000),
  },
  {
    name: 'TICKETS',
    description: 'turns of the sessions that have a frame',
    subjects: ['tickets.*'],
    storage: StorageType.Memory,
    retention: RetentionPolicy.Workqueue,
    discard: DiscardPolicy.New,
    discard_new_per_subject: true,
    max_msgs_per_subject: 1,
    max_bytes: 16 * MiB,
    allow_direct: true,
    max_age: nanos(frameMaxAgeMs),
    duplicate_window: nanos(1_000),
  },
  {
    name: 'DETECTIONS',
    description: 'detection, alert and status events of the last 24 hours',
    subjects: ['detections.*', 'alerts.*', 'status.*'],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_bytes: 1024 * MiB,
    allow_direct: true,
    max_age: nanos(24 * 60 * 60 * 1_000),
    duplicate_window: nanos(120_000),
  },
] as const satisfies readonly Partial<StreamConfig>[];

/** The durable pull consumer that all detectors share. */
export const detectorsConsumer = {
  durable_name: 'detectors',
  description: 'shared by all detectors',
  ack_policy: AckPolicy.Explicit,
  // A ticket is acked a few ms after it was taken; a detector that died in between holds its camera up for so long.
  ack_wait: nanos(500),
  max_ack_pending: 10_000,
  max_waiting: 2_048,
} as const satisfies Partial<ConsumerConfig>;

/** How long an ingest's lease on a session lasts without renewal, in ms. */
export const leaseMs = 6_000;

/** KV buckets by name. */
export const buckets = {
  sessions: { description: 'wanted state of each session', storage: StorageType.File, ttlMs: 0 },
  'session-state': {
    description: 'what is seen of each session; an entry is the lease of its ingest',
    storage: StorageType.Memory,
    ttlMs: leaseMs,
  },
} as const;
export type BucketName = keyof typeof buckets;

/** The stream behind a KV bucket that keeps the newest entry of each key, as every NATS client lays it out. */
function bucketStream(name: BucketName) {
  const { description, storage, ttlMs } = buckets[name];
  return {
    name: `KV_${name}`,
    description,
    subjects: [`$KV.${name}.>`],
    storage,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_msgs_per_subject: 1,
    allow_direct: true,
    allow_rollup_hdrs: true,
    max_age: nanos(ttlMs),
    duplicate_window: nanos(ttlMs || 120_000),
  } as const satisfies Partial<StreamConfig>;
}

/** The streams, those behind the buckets included, as they are declared. @param replicas servers that keep each */
export function streamConfigs(replicas: number): (Partial<StreamConfig> & { name: string })[] {
  const names = Object.keys(buckets) as BucketName[];
  return [...streams, ...names.map(bucketStream)].map((stream) => ({
    ...stream,
    subjects: [...stream.subjects],
    num_replicas: replicas,
  }));
}

/** `err_code` of JetStream's refusal of a ticket: the session already has one waiting. */
export const ticketWaitsErrorCode = 10077;

/** `err_code` of JetStream when a stream has no such message. */
export const noMessageErrorCode = 10037;

/** `err_code` of JetStream's refusal to write a KV entry: its revision is another than was expected. */
export const wrongRevisionErrorCode = 10071;
