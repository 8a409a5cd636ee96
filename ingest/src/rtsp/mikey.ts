import { randomBytes } from 'node:crypto';
import { CameraError } from '../camera-error.js';

/** What SRTP packets of a track are opened with (RFC 3711). */
export interface SrtpKeys {
  /** 16 bytes. */
  readonly key: Buffer;
  /** 14 bytes. */
  readonly salt: Buffer;
  /** Bytes of the master key identifier in each packet. */
  readonly mkiBytes: number;
  /** Roll-over counters, by SSRC. */
  readonly rollOvers: ReadonlyMap<number, number>;
}

/** Payload types of RFC 3830, section 6.1. */
const kemac = 1;
const timestamp = 5;
const identity = 6;
const policy = 10;
const random = 11;
const extension = 21;
const timestampBytes = [8, 8, 4];
/** Encryption key with and without salt of its own; keys to make others from are not read here. */
const tek = 2;
const tekAndSalt = 3;
const hmacBytes = 20;
/** Policy of AES_CM_128_HMAC_SHA1_80: also what a policy that is not named means (section 6.10.1). */
const policies: ReadonlyMap<number, number> = new Map([
  ...([
    [0, 1] /* AES-CM */,
    [1, 16],
    [2, 1] /* HMAC-SHA-1 */,
    [3, 20],
    [4, 14],
    [5, 0],
  ] as const),
  ...([
    [6, 0] /* no derivation rate */,
    [7, 1],
    [8, 1],
    [10, 1],
    [11, 10],
    [12, 0],
  ] as const),
]);

/**
 * The key that a MIKEY message carries in clear, as it does inside TLS (RFC 3830; RFC 4567).
 * @throws CameraError when the message is wrong, or asks for what is not read here
 */
export function keysOf(message: Buffer): SrtpKeys {
  const bytes = new Bytes(message);
  if (bytes.next(1) !== 1) throw notRead('MIKEY of another version');
  if (bytes.next(1) !== 0) throw notRead('MIKEY without a pre-shared key');
  let type = bytes.next(1);
  bytes.take(5);
  const sessions = bytes.next(1);
  if (bytes.next(1) !== 0) throw notRead('MIKEY for something other than SRTP');
  const rollOvers = new Map<number, number>();
  for (let at = 0; at < sessions; at += 1) {
    bytes.take(1);
    rollOvers.set(bytes.next(4), bytes.next(4));
  }
  let found: Omit<SrtpKeys, 'rollOvers'> | undefined;
  while (type !== 0) {
    const following = bytes.next(1);
    if (type === kemac) found = keyOf(bytes);
    else skip(type, bytes);
    type = following;
  }
  if (found === undefined) throw notRead('MIKEY without a key');
  return { ...found, rollOvers };
}

function skip(type: number, bytes: Bytes): void {
  if (type === timestamp) bytes.take(timestampBytes[bytes.next(1)] ?? Number.POSITIVE_INFINITY);
  else if (type === random) bytes.take(bytes.next(1));
  else if (type === policy) checkPolicy(bytes);
  else if (type === identity || type === extension) {
    bytes.take(1);
    bytes.take(bytes.next(2));
  } else throw notRead(`MIKEY with a payload of type ${type}`);
}

function checkPolicy(bytes: Bytes): void {
  bytes.take(1);
  if (bytes.next(1) !== 0) throw notRead('MIKEY for something other than SRTP');
  const all = new Bytes(bytes.take(bytes.next(2)));
  while (all.left > 0) {
    const type = all.next(1);
    const value = all.take(all.next(1));
    const wanted = policies.get(type);
    if (wanted !== undefined && (value.length !== 1 || value[0] !== wanted)) {
      throw notRead('SRTP other than AES_CM_128_HMAC_SHA1_80');
    }
  }
}

function keyOf(bytes: Bytes): Omit<SrtpKeys, 'rollOvers'> {
  if (bytes.next(1) !== 0) throw notRead('a key that is encrypted itself');
  const data = new Bytes(bytes.take(bytes.next(2)));
  const mac = bytes.next(1);
  if (mac > 1) throw notRead('MIKEY with another MAC');
  bytes.take(mac * hmacBytes);
  if (data.next(1) !== 0) throw notRead('more than one key');
  const kind = data.next(1);
  if (kind >> 4 !== tek && kind >> 4 !== tekAndSalt) throw notRead('a key to make keys from');
  const key = data.take(data.next(2));
  const salt = kind >> 4 === tekAndSalt ? data.take(data.next(2)) : Buffer.alloc(0);
  const both = Buffer.concat([key, salt]);
  if (both.length !== 30) throw notRead('a key of another length');
  // Validity: none, a master key identifier, or an interval, which is not kept to.
  const mkiBytes = (kind & 0x0f) === 1 ? data.next(1) : 0;
  return { key: both.subarray(0, 16), salt: both.subarray(16), mkiBytes };
}

/** A message with a key of our own, which SETUP must have, though nothing that is sent here is encrypted with it. */
export function freshMikey(now: number): Buffer {
  const time = Buffer.alloc(8);
  // Seconds since 1900 (RFC 5905), and parts of one.
  time.writeUInt32BE((Math.floor(now / 1_000) + 2_208_988_800) % 2 ** 32);
  const rules = [...policies].slice(0, 4).flatMap(([type, value]) => [type, 1, value]);
  rules.push(...[7, 8, 10].flatMap((type) => [type, 1, 1]), 11, 1, 10);
  const data = [0, tek << 4, 0, 30, ...randomBytes(30)];
  return Buffer.from([
    ...[1, 0, timestamp, 0, ...randomBytes(4), 0, 0],
    ...[random, 0, ...time],
    ...[policy, 16, ...randomBytes(16)],
    ...[kemac, 0, 0, 0, rules.length, ...rules],
    ...[0, 0, 0, data.length, ...data, 0],
  ]);
}

/** Bytes that are read from the front. */
class Bytes {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(count: number): Buffer {
    if (count > this.left) throw notRead('MIKEY that is cut off');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** A number of one to four bytes. */
  next(count: number): number {
    return this.take(count).readUIntBE(0, count);
  }
}

function notRead(what: string): CameraError {
  const message = `camera encrypts its video in a way that is not read here: ${what}`;
  return new CameraError('CAMERA_ENCRYPTED', message, { said: what });
}
