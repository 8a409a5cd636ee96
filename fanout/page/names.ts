import type { Session } from './answers.js';
import { compareWords } from './language.js';

type Named = Pick<Session, 'name' | 'session_id'>;

/** What people call a camera: its name, or else its id. */
export function nameOf({ name, session_id }: Named): string {
  return name ?? session_id;
}

/** Order of cameras: by name as people sort names, those of one name by id. */
export function byName(a: Named, b: Named): number {
  return compareWords(nameOf(a), nameOf(b)) || compareWords(a.session_id, b.session_id);
}
