import type { Passwords } from './settings.js';
import { passwords as settings } from './settings.js';

/** Where all passwords are, by folder and name. */
export const allFile = 'all/keys.env';

/** Texts by file: each reader has a folder of its own, and in it only what it needs. */
export function filesOf(passwords: Passwords): ReadonlyMap<string, string> {
  const keys = Object.keys(settings) as (keyof Passwords)[];
  const named = (prefix: string) =>
    Object.fromEntries(
      keys
        .map((key) => [settings[key].name, passwords[key]])
        .filter(([n]) => n?.startsWith(prefix)),
    );
  const lines = (variables: Readonly<Record<string, string>>) =>
    Object.entries(variables)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('');
  const user = (name: string, password: string, more: Readonly<Record<string, string>> = {}) =>
    lines({ NATS_USER: name, NATS_PASSWORD: password, ...more });
  return new Map([
    [allFile, lines(named(''))],
    // The names that compose/nats/*.conf have.
    ['nats/nats.env', lines(named('NATS_'))],
    ['ingest/ingest.env', user('ingest', passwords.natsIngest)],
    ['detector/detector.env', user('detector', passwords.natsDetector)],
    // The page plays cameras over WebRTC as the reader.
    [
      'fanout/fanout.env',
      user('fanout', passwords.natsFanout, { WEBRTC_PASSWORD: passwords.rtspRead }),
    ],
    [
      'mediamtx/mediamtx.env',
      lines({
        // By their place in compose/mediamtx.yml.
        MTX_AUTHINTERNALUSERS_1_PASS: passwords.rtspPublish,
        MTX_AUTHINTERNALUSERS_2_PASS: passwords.rtspRead,
        MTX_AUTHINTERNALUSERS_3_PASS: passwords.rtspAdmin,
      }),
    ],
    ['prometheus/mediamtx-password', passwords.rtspAdmin],
  ]);
}
