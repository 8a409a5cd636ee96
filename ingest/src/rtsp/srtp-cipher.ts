import { createCipheriv, createHmac } from 'node:crypto';
import type { SrtpKeys } from './mikey.js';

/** Bytes of the tag that ends a packet. */
export const tagBytes = 10;

/** Keys of the packets, made from those that were agreed on. */
export interface SessionKeys {
  readonly key: Buffer;
  readonly authentication: Buffer;
  readonly salt: Buffer;
}

/**
 * RFC 3711, section 4.3, without a derivation rate.
 * @param firstLabel 0 for SRTP, 3 for SRTCP
 */
export function sessionKeys(
  { key, salt }: Pick<SrtpKeys, 'key' | 'salt'>,
  firstLabel: number,
): SessionKeys {
  const derive = (label: number, bytes: number) => {
    const iv = Buffer.concat([salt, Buffer.alloc(2)]);
    iv[7] = (iv[7] ?? 0) ^ label;
    return createCipheriv('aes-128-ctr', key, iv).update(Buffer.alloc(bytes));
  };
  return {
    key: derive(firstLabel, 16),
    authentication: derive(firstLabel + 1, 20),
    salt: derive(firstLabel + 2, 14),
  };
}

/** Encrypts or decrypts in counter mode (section 4.1.1). */
export function crypt(
  { key, salt }: Pick<SessionKeys, 'key' | 'salt'>,
  ssrc: number,
  index: number,
  bytes: Buffer,
): Buffer {
  const iv = Buffer.alloc(16);
  iv.writeUInt32BE(ssrc, 4);
  iv.writeUIntBE(index % 2 ** 48, 8, 6);
  for (let at = 0; at < salt.length; at += 1) iv[at] = (iv[at] ?? 0) ^ (salt[at] ?? 0);
  return createCipheriv('aes-128-ctr', key, iv).update(bytes);
}

/** Section 4.2. */
export function tagOf({ authentication }: SessionKeys, signed: Buffer): Buffer {
  return createHmac('sha1', authentication).update(signed).digest().subarray(0, tagBytes);
}
