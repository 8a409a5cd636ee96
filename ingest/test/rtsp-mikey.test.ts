import t from 'tap';
import { freshMikey, keysOf } from '../src/rtsp/mikey.js';
import { videoTrackOf } from '../src/rtsp/sdp.js';

const key = Array.from({ length: 30 }, (_, at) => at);
const head = [1, 0, 10, 0, 1, 2, 3, 4, 1, 0, 0, 0, 0, 0, 7, 0, 0, 0, 3];
const policy = [1, 0, 0, 0, 6, 0, 1, 1, 11, 1, 10];
const kemac = (data: readonly number[]) => [0, 0, 0, data.length, ...data, 0];
const message = (rules: readonly number[], data: readonly number[]) =>
  Buffer.from([...head, ...rules, ...kemac(data)]);

t.test('the key, its identifier and the counters are read', (t) => {
  const read = keysOf(message(policy, [0, 0x21, 0, 30, ...key, 2, 9, 9]));
  t.same([...read.key, ...read.salt], key);
  t.match(read, { mkiBytes: 2, rollOvers: new Map([[7, 3]]) });
  const apart = keysOf(
    message(policy, [0, 0x30, 0, 16, ...key.slice(0, 16), 0, 14, ...key.slice(16)]),
  );
  t.same([...apart.key, ...apart.salt], key);
  const own = keysOf(freshMikey(Date.now()));
  t.same([own.key.length, own.salt.length, own.rollOvers.size], [16, 14, 0]);
  t.end();
});

t.test('what is not read here is said in words', (t) => {
  const plain = [0, 0x20, 0, 30, ...key];
  const cases: readonly (readonly [RegExp, Buffer])[] = [
    [/AES_CM_128_HMAC_SHA1_80/, message([1, 0, 0, 0, 3, 1, 1, 32], plain)],
    [/make keys from/, message(policy, [0, 0x00, 0, 30, ...key])],
    [/more than one key/, message(policy, [20, 0x20, 0, 30, ...key, ...plain])],
    [/another length/, message(policy, [0, 0x20, 0, 16, ...key.slice(14)])],
    [/without a key/, Buffer.from([1, 0, 0, 0, 1, 2, 3, 4, 0, 0])],
    [/cut off/, message(policy, plain).subarray(0, 50)],
    [/cut off/, Buffer.alloc(0)],
    [/payload of type 9/, Buffer.from([1, 0, 9, 0, 1, 2, 3, 4, 0, 0, 0])],
  ];
  for (const [words, bytes] of cases) {
    t.throws(() => keysOf(bytes), { code: 'CAMERA_ENCRYPTED', message: words });
  }
  t.end();
});

t.test('the message is taken from the track, or from the session', (t) => {
  const text = message(policy, [0, 0x20, 0, 30, ...key]).toString('base64');
  const line = `a=key-mgmt:mikey ${text}`;
  const video = ['m=video 0 RTP/SAVP 96', 'a=rtpmap:96 H264/90000'];
  for (const lines of [
    [line, ...video],
    [...video, line],
  ]) {
    const { keys } = videoTrackOf(lines.join('\r\n'), 'rtsps://camera/');
    t.same([...(keys?.key ?? [])], key.slice(0, 16));
  }
  const wrong = [...video, 'a=key-mgmt:mikey !'].join('\r\n');
  t.throws(() => videoTrackOf(wrong, 'rtsps://camera/'), { code: 'CAMERA_ENCRYPTED' });
  t.end();
});
