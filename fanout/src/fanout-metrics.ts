import type { Metrics } from '@framebus/contract/service';
import type { Counters } from './counters.js';

/** Counters that are told under a name of their own, and what they count. */
const plain = [
  ['sent', 'framebus_viewer_messages_total', 'Messages written to viewers, each viewer counted.'],
  ['sentBytes', 'framebus_viewer_io_bytes_total', 'Bytes of these messages as they were framed.'],
  [
    'skipped',
    'framebus_viewer_frames_skipped_total',
    'Frame results that a viewer did not get because it was behind.',
  ],
  ['opened', 'framebus_viewers_opened_total', 'Viewers that were let in.'],
  ['refused', 'framebus_viewers_refused_total', 'Viewers that were refused at the door.'],
  ['encoded', 'framebus_messages_encoded_total', 'Messages encoded, whatever their viewers.'],
  ['held', 'framebus_events_held_total', 'Events that had to wait for an earlier one.'],
  [
    'unpaired',
    'framebus_events_unpaired_total',
    'Events whose frame was not at hand though a viewer wanted it.',
  ],
  ['drawn', 'framebus_pictures_drawn_total', 'Pictures with boxes drawn in.'],
  [
    'undrawn',
    'framebus_pictures_undrawn_total',
    'Pictures that were not drawn in time or could not be read.',
  ],
  [
    'scaled',
    'framebus_pictures_scaled_total',
    'Pictures scaled down to what viewers show, whatever their number.',
  ],
  [
    'unscaled',
    'framebus_pictures_unscaled_total',
    'Pictures that went as they are because they were not scaled in time or could not be read.',
  ],
  ['alerts', 'framebus_alerts_published_total', 'Alerts that this process published.'],
  ['alertFailures', 'framebus_alerts_failed_total', 'Alerts that could not be published.'],
] as const satisfies readonly (readonly [keyof Counters, string, string])[];

/** Adds what a fanout counts. */
export function counterMetrics(
  metrics: Metrics,
  counters: Readonly<Counters>,
  { viewers, sessions }: { readonly viewers: () => number; readonly sessions: () => number },
): void {
  metrics.gauge('framebus_viewers', 'Viewers that are open.', [], viewers);
  metrics.gauge('framebus_watched_sessions', 'Sessions that someone watches.', [], sessions);
  for (const [key, name, help] of plain) metrics.counter(name, help, [], () => counters[key]);
  metrics.counter(
    'framebus_viewers_ended_total',
    'Viewers that were ended: behind were too slow, lost answered no ping.',
    ['reason'],
    () => [
      [{ reason: 'behind' }, counters.closedBehind],
      [{ reason: 'lost' }, counters.lost],
    ],
  );
  metrics.counter(
    'framebus_events_dropped_total',
    'Events that no viewer was shown, by reason.',
    ['reason'],
    () => [
      [{ reason: 'late' }, counters.late],
      [{ reason: 'duplicate' }, counters.duplicate],
      [{ reason: 'malformed' }, counters.malformed],
    ],
  );
}
