/** What the words of a reason are about, such as `{seconds: 10}`; `why` tells kinds of one code apart. */
export type ReasonDetails = Readonly<Record<string, string | number>>;

/** What went wrong, or what is waited for. The message is in English; code and details say it in any language. */
export interface Reason {
  /** Stable, such as CAMERA_REFUSED. */
  readonly code: string;
  readonly message: string;
  /** Without credentials, as the message. */
  readonly details?: ReasonDetails;
}
