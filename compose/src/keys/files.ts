import type { Passwords } from './settings.js';
import { passwords as settings } from './settings.js';

/** Where all passwords are, by folder and name. */
export const allFile = 'all/keys.env';

/** Variables by file: each reader has a folder of its own, and in it only what it needs. */
export function filesOf(
  passwords: Passwords,
): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const keys = Object.keys(settings) as (keyof Passwords)[];
  const named = (prefix: string) =>
    Object.fromEntries(
      keys
        .map((key) => [settings[key].name, passwords[key]])
        .filter(([n]) => n?.startsWith(prefix)),
    );
  const user = (name: string, password: string) => ({ NATS_USER: name, NATS_PASSWORD: password });
  return new Map([
    [allFile, named('')],
    // The names that compose/nats/*.conf have.
    ['nats/nats.env', named('NATS_')],
    ['ingest/ingest.env', user('ingest', passwords.natsIngest)],
    ['detector/detector.env', user('detector', passwords.natsDetector)],
    ['fanout/fanout.env', user('fanout', passwords.natsFanout)],
    [
      'mediamtx/mediamtx.env',
      {
        // By their place in compose/mediamtx.yml.
        MTX_AUTHINTERNALUSERS_1_PASS: passwords.rtspPublish,
        MTX_AUTHINTERNALUSERS_2_PASS: passwords.rtspRead,
        MTX_AUTHINTERNALUSERS_3_PASS: passwords.rtspAdmin,
      },
    ],
  ]);
}
