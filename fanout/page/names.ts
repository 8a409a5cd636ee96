import type { Session } from './api.js';

/** What people call a camera: its name, or else its id. */
export function nameOf({ name, session_id }: Pick<Session, 'name' | 'session_id'>): string {
  return name ?? session_id;
}
