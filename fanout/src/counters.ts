/** What this process has done since it started; each number only grows. */
export class Counters {
  /** Messages that were written to viewers, each viewer counted. */
  sent = 0;
  /** Bytes of them. */
  sentBytes = 0;
  /** Messages that were encoded, whatever the number of their viewers. */
  encoded = 0;
  /** Frame results that a viewer did not get because it was behind. */
  skipped = 0;
  /** Events that had to wait for an earlier one. */
  held = 0;
  /** Events that came after a later one had been shown. */
  late = 0;
  /** Events that came a second time. */
  duplicate = 0;
  /** Messages on NATS that do not keep to the contract. */
  malformed = 0;
  /** Events whose frame was not at hand though a viewer wanted it. */
  unpaired = 0;
  /** Pictures with boxes drawn in. */
  drawn = 0;
  /** Pictures that were not drawn in time or could not be read. */
  undrawn = 0;
  /** Pictures that were scaled down, whatever the number of their viewers. */
  scaled = 0;
  /** Pictures that went as they are because they were not scaled in time or could not be read. */
  unscaled = 0;
  /** Alerts that this process published. */
  alerts = 0;
  /** Alerts that could not be published. */
  alertFailures = 0;
  /** Pictures of alerts that were kept. */
  snapshots = 0;
  /** Pictures of alerts that were not kept: too many at once, or the frame was gone. */
  snapshotFailures = 0;
  /** Viewers that were let in. */
  opened = 0;
  /** Viewers that were refused at the door. */
  refused = 0;
  /** Viewers that were closed with 1013 because they stayed behind. */
  closedBehind = 0;
  /** Viewers that answered no ping. */
  lost = 0;
}
