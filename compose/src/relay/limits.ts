/** What one relay allows. Each part is bounded, so that no client can fill the memory. */
export interface RelayLimits {
  /** Clients at once; one more is answered 503 and closed. */
  readonly maxConnections: number;
  /** Bytes that may wait for one client. Past it packets are dropped; see `Reader`. */
  readonly maxReaderBytes: number;
  /** Paths published at once. */
  readonly maxPaths: number;
  /** Tracks of one path. */
  readonly maxTracks: number;
  /** Request line and headers of one request, in bytes. */
  readonly maxHeaderBytes: number;
  /** Body of one request, such as an SDP, in bytes. */
  readonly maxBodyBytes: number;
  /** A client that says and takes nothing for so long is closed. Told to clients as the session's timeout. */
  readonly idleTimeoutMs: number;
  /** A publisher that sends no RTP for so long is closed, and its readers with it. */
  readonly publishTimeoutMs: number;
  /** A client that takes none of what waits for it for so long is closed. */
  readonly stuckTimeoutMs: number;
}

export const defaultLimits: RelayLimits = Object.freeze({
  maxConnections: 256,
  maxReaderBytes: 4 * 1024 * 1024,
  maxPaths: 128,
  maxTracks: 8,
  maxHeaderBytes: 16 * 1024,
  maxBodyBytes: 64 * 1024,
  idleTimeoutMs: 60_000,
  publishTimeoutMs: 10_000,
  stuckTimeoutMs: 10_000,
});
