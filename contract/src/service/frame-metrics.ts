import type { Metrics } from './metrics.js';

/** `published`: NATS has it. `analysed`: NATS has its event. `sent`: written to the viewers of its session. */
export type FrameStage = 'published' | 'analysed' | 'sent';

/** Takes the ages, in ms since their capture, of frames that came to a stage. */
export function frameAges(metrics: Metrics, stage: FrameStage): (ageMs: number) => void {
  const age = metrics
    .histogram('framebus_frame_age_seconds', 'Time from the capture of a frame to its stage.', [
      'stage',
    ])
    .labels({ stage });
  // The clocks of two machines may differ.
  return (ageMs) => age.observe(Math.max(0, ageMs) / 1_000);
}

/** What was asked of JetStream, in the words of the semantic conventions. */
export type JetStreamOperation = readonly [
  name: 'publish' | 'receive',
  destination: 'frames' | 'detections',
];

/** Takes how long JetStream took to answer, in ms. */
export function jetStreamTimes(
  metrics: Metrics,
): (operation: JetStreamOperation, tookMs: number) => void {
  const times = metrics.histogram(
    'messaging_client_operation_duration_seconds',
    'From a publish, or the fetch of a frame, to the answer of JetStream.',
    ['messaging_system', 'messaging_operation_name', 'messaging_destination_name'],
  );
  return ([name, destination], tookMs) => {
    const labels = {
      messaging_system: 'nats',
      messaging_operation_name: name,
      messaging_destination_name: destination,
    };
    times.observe(labels, tookMs / 1_000);
  };
}
