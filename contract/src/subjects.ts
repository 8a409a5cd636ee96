/** The kinds of message that a session has. Each is the first token of a subject, the session id the last. */
export type SubjectKind = 'frames' | 'tickets' | 'detections' | 'alerts' | 'status';

/** `frames.<session>` and its like. */
export function subjectOf(kind: SubjectKind, sessionId: string): string {
  return `${kind}.${sessionId}`;
}

/** The session id in a subject: its last token. */
export function sessionIdOf(subject: string): string {
  return subject.slice(subject.lastIndexOf('.') + 1);
}
