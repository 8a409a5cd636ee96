/** Sender reports that count: they come about once a second. */
const most = 10;

/**
 * When the frame that a video shows was sent, by the server's own clock. An RTCP sender report carries
 * the server's time, so the time of its arrival here tells how this machine's clock, less the way of a
 * packet, differs; a frame's arrival has the same way in it, so that it falls out.
 * (`remote-outbound-rtp` of webrtc-stats; `receiveTime` of requestVideoFrameCallback.)
 */
export class PlayoutClock {
  readonly #differencesMs = new Map<number, number>();

  /** Takes one statistics report of a receiver. */
  update(report: RTCStatsReport): void {
    for (const { type, timestamp, remoteTimestamp } of report.values() as Iterable<SenderReport>) {
      if (type !== 'remote-outbound-rtp' || !remoteTimestamp) continue;
      this.#differencesMs.set(remoteTimestamp, remoteTimestamp - timestamp);
      const [oldest] = this.#differencesMs.keys();
      if (this.#differencesMs.size > most && oldest !== undefined) {
        this.#differencesMs.delete(oldest);
      }
    }
  }

  /** In ms since the epoch; null until the server has reported, or where the browser tells no arrival. */
  sentAt({ receiveTime }: VideoFrameCallbackMetadata): number | null {
    if (receiveTime === undefined || this.#differencesMs.size === 0) return null;
    // The report that waited the least on its way is the truest.
    return performance.timeOrigin + receiveTime + Math.max(...this.#differencesMs.values());
  }
}

interface SenderReport {
  readonly type: string;
  /** Of its arrival, in ms since the epoch, by this machine's clock. */
  readonly timestamp: number;
  /** In it, in ms since the epoch, by the server's clock. */
  readonly remoteTimestamp?: number;
}
