/** Status codes that the relay answers with, and their words (RFC 2326, section 7.1.1). */
export const reasons = {
  200: 'OK',
  400: 'Bad Request',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  451: 'Parameter Not Understood',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  459: 'Aggregate Operation Not Allowed',
  461: 'Unsupported Transport',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  505: 'RTSP Version Not Supported',
} as const;

export type Status = keyof typeof reasons;

/** A request that is answered with a status other than 200. */
export class RtspError extends Error {
  override readonly name = 'RtspError';
  readonly code = 'RTSP_REFUSED';
  readonly status: Status;

  constructor(status: Status, message: string) {
    super(message);
    this.status = status;
  }
}
