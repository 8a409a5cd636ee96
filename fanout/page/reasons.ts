import type { Reason } from '@framebus/contract';
import type { Session } from './answers.js';
import { ago, t, tKnown } from './language.js';

/** As the API and the stream tell it; from earlier versions without a code. */
export type Told = Pick<Reason, 'message'> & Partial<Reason>;

/** Refusals of a call that are those of a camera. */
const sameAs: Readonly<Record<string, string>> = {
  STREAM_NOT_ALLOWED: 'CAMERA_NOT_ALLOWED',
  STREAM_HOST_NOT_ALLOWED: 'CAMERA_NOT_ALLOWED',
};

/** Why, in the language of the page; `otherwise` where its code, or a value that its words need, is not known. */
export function reasonWords(
  { message, code = '', details = {} }: Told,
  otherwise = message,
): string {
  const values = { said: message, ...details };
  const kind = details['why'] ?? details['field'];
  const key = `reason.${sameAs[code] ?? code}`;
  return tKnown(`${key}.${kind}`, values, tKnown(key, values, otherwise));
}

/** Why the camera gave no picture the last time; null: it always did. */
export function lastReasonWords(session: Session): string | null {
  const { last_error, last_error_code, last_error_details } = session;
  if (!last_error) return null;
  const details = last_error_details ?? {};
  return reasonWords({
    message: last_error,
    details,
    ...(last_error_code && { code: last_error_code }),
  });
}

/** The same with when it was: the camera may be live again since. */
export function lastErrorWords(session: Session, nowMs = Date.now()): string {
  const why = lastReasonWords(session);
  if (why === null) return t('fact.none');
  const { last_error_at: atS } = session;
  return typeof atS === 'number' ? t('fact.errorAt', { ago: ago(nowMs - atS * 1000), why }) : why;
}
