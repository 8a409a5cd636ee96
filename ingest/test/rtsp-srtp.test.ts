import t from 'tap';
import type { SrtpKeys } from '../src/rtsp/mikey.js';
import { SrtpReader } from '../src/rtsp/srtp.js';
import { crypt, sessionKeys, tagOf } from '../src/rtsp/srtp-cipher.js';

/** RFC 3711, appendix B.3. */
const keys: SrtpKeys = {
  key: Buffer.from('e1f97a0d3e018be0d64fa32c06de4139', 'hex'),
  salt: Buffer.from('0ec675ad498afeebb6960b3aabe6', 'hex'),
  mkiBytes: 0,
  rollOvers: new Map(),
};
const hex = (buffer: Buffer | undefined) => buffer?.toString('hex');

t.test('session keys are those of RFC 3711, appendix B.3', (t) => {
  const { key, salt, authentication } = sessionKeys(keys, 0);
  t.equal(hex(key), 'c61e7a93744f39ee10734afe3ff7a087');
  t.equal(hex(salt), '30cbbc08863d8c85d49db34a9ae1');
  t.equal(hex(authentication), 'cebe321f6ff7716b6fd4ab49af256a156d38baa4');
  t.end();
});

t.test('the key stream is that of RFC 3711, appendix B.2', (t) => {
  const session = {
    key: Buffer.from('2b7e151628aed2a6abf7158809cf4f3c', 'hex'),
    salt: Buffer.from('f0f1f2f3f4f5f6f7f8f9fafbfcfd', 'hex'),
  };
  const stream = hex(crypt(session, 0, 0, Buffer.alloc(0xff02 * 16))) ?? '';
  t.equal(stream.slice(0, 64), 'e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab');
  t.equal(stream.slice(-64), '362b7c3c6773516318a077d7fc5073ae6a2cc3787889374fbeb4c81b17ba6c44');
  t.end();
});

t.test("packets are those of libsrtp's own test", (t) => {
  const head = '800f1234decafbadcafebabe';
  const sealed = `${head}4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb`;
  t.equal(hex(new SrtpReader(keys).openRtp(Buffer.from(sealed, 'hex'))), head + 'ab'.repeat(16));
  const report = '81c8000bcafebabe';
  const closed = `${report}7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798`;
  t.equal(hex(new SrtpReader(keys).openRtcp(Buffer.from(closed, 'hex'))), report + 'ab'.repeat(16));
  t.end();
});

function seal(rollOver: number, sequence: number, text: string, ssrc = 7, mki = ''): Buffer {
  const session = sessionKeys(keys, 0);
  const head = Buffer.from([0x80, 96, sequence >> 8, sequence & 0xff, 0, 0, 0, 1, 0, 0, 0, ssrc]);
  const payload = crypt(session, ssrc, rollOver * 0x1_0000 + sequence, Buffer.from(text));
  const count = Buffer.alloc(4);
  count.writeUInt32BE(rollOver);
  const tag = tagOf(session, Buffer.concat([head, payload, count]));
  return Buffer.concat([head, payload, Buffer.from(mki), tag]);
}

t.test('sequence numbers turn, from the count that was told or one more', (t) => {
  for (const told of [4, 5]) {
    const reader = new SrtpReader({ ...keys, rollOvers: new Map([[7, told]]) });
    const open = (rollOver: number, sequence: number) =>
      reader
        .openRtp(seal(rollOver, sequence, 'video'))
        ?.subarray(12)
        .toString();
    t.equal(open(5, 65_534), 'video');
    t.equal(open(6, 2), 'video', 'over a gap');
    t.equal(open(5, 65_535), undefined, 'what is older than the last is a replay');
    t.equal(open(6, 2), undefined, 'and what is as old');
    t.equal(open(6, 40_000), undefined, 'a jump of more than half a turn is not followed');
    t.equal(open(6, 3), 'video');
  }
  t.end();
});

t.test('a packet that is changed anywhere is dropped', (t) => {
  const reader = new SrtpReader(keys);
  const good = seal(0, 9, 'video');
  for (let at = 0; at < good.length; at += 1) {
    const bad = Buffer.from(good);
    bad[at] = (bad[at] ?? 0) ^ 1;
    t.equal(reader.openRtp(bad), undefined);
    t.equal(reader.openRtp(good.subarray(0, at)), undefined);
    t.equal(reader.openRtcp(good.subarray(0, at)), undefined);
    if (at % 20 === 19) t.ok(reader.openRtp(seal(0, at - 15, 'between')));
  }
  t.equal(hex(reader.openRtp(seal(0, 40, 'video'))?.subarray(12)), hex(Buffer.from('video')));
  t.end();
});

t.test('when nothing fits the key it is said', (t) => {
  const reader = new SrtpReader({ ...keys, key: Buffer.alloc(16) });
  for (let at = 0; at < 99; at += 1) t.equal(reader.openRtp(seal(0, at, 'video')), undefined);
  t.throws(() => reader.openRtp(seal(0, 99, 'video')), { code: 'CAMERA_BROKEN', message: /key/ });
  t.end();
});

t.test('a key identifier is passed over', (t) => {
  const opened = new SrtpReader({ ...keys, mkiBytes: 2 }).openRtp(seal(0, 1, 'video', 7, 'id'));
  t.equal(opened?.subarray(12).toString(), 'video');
  t.end();
});

t.test('the packets of a thousand sources are opened', (t) => {
  const reader = new SrtpReader(keys);
  for (let at = 0; at < 1_000; at += 1) t.ok(reader.openRtp(seal(0, at, 'video', at % 256)));
  t.end();
});
