/** Which file of which host the bytes of a model are. Kept beside them as source.json. */
export interface Origin {
  readonly url: string;
  /** Commit that the hub named. */
  readonly revision?: string;
  /** Entity tag that the host of the bytes gave, quotes included. */
  readonly etag?: string;
  /** Of the whole file, in hex. */
  readonly sha256?: string;
  /** Who says so. `none`: nobody; a hash beside it is of what came. */
  readonly hashFrom: 'models.json' | 'host' | 'none';
  /** Of the whole file. */
  readonly bytes?: number;
}

/** Whether bytes of `before` can go on with bytes of `now`. */
export function isSameFile(before: Origin, now: Origin): boolean {
  return (
    before.url === now.url &&
    before.sha256 === now.sha256 &&
    before.bytes === now.bytes &&
    before.etag === now.etag
  );
}

/** The entity tag, where one can vouch for a range (RFC 9110, 13.1.5: weak ones can not). */
export function strongTag(origin: Origin | undefined): string | undefined {
  return origin?.etag?.startsWith('"') ? origin.etag : undefined;
}
