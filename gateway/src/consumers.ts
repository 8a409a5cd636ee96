import { createHash, timingSafeEqual } from 'node:crypto';
import { identity } from './identity.js';
import type { ConsumerEntity } from './schema.js';

export interface Consumer {
  readonly id: string;
  readonly username: string;
  readonly customId: string | undefined;
  readonly groups: readonly string[];
}

export interface Credential {
  readonly id: string;
  readonly consumer: Consumer;
}

/** Who may call, by key. Keys are kept as hashes only. */
export class Consumers {
  readonly #credentials: { readonly hash: Buffer; readonly credential: Credential }[] = [];

  constructor(entities: readonly ConsumerEntity[]) {
    for (const entity of entities) {
      const consumer: Consumer = {
        id: entity.id ?? identity('consumers', entity.username),
        username: entity.username,
        customId: entity.custom_id,
        groups: entity.acls.map(({ group }) => group),
      };
      for (const [i, { id, key }] of entity.keyauth_credentials.entries()) {
        const credential = {
          id: id ?? identity('keyauth_credentials', entity.username, String(i)),
          consumer,
        };
        this.#credentials.push({ hash: sha256(key), credential });
      }
    }
  }

  /** Takes the same time for every key of a length, whether it is right or wrong. */
  find(key: string): Credential | undefined {
    const hash = sha256(key);
    let found: Credential | undefined;
    for (const known of this.#credentials) {
      if (timingSafeEqual(known.hash, hash)) found = known.credential;
    }
    return found;
  }
}

function sha256(key: string): Buffer {
  return createHash('sha256').update(key, 'latin1').digest();
}
