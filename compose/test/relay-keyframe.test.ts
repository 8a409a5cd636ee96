import t from 'tap';
import { Gate } from '../src/relay/gate.js';
import { startsKeyframe } from '../src/relay/keyframe.js';
import { rtp } from './relay-client.js';

const bytes = (...values: number[]) => rtp(0, 0, Buffer.from(values));

t.test('key frames of H.264 are told in single, aggregated and fragmented packets', async (t) => {
  const key = {
    'IDR slice': bytes(0x65, 1),
    SPS: bytes(0x67, 1),
    'STAP-A of SEI and IDR': bytes(0x78, 0, 2, 0x06, 1, 0, 2, 0x65, 1),
    'first FU-A of an IDR slice': bytes(0x7c, 0x85, 1),
  };
  const other = {
    'P slice': bytes(0x41, 1),
    SEI: bytes(0x06, 1),
    'STAP-A of SEI and P': bytes(0x78, 0, 2, 0x06, 1, 0, 2, 0x41, 1),
    'second FU-A of an IDR slice': bytes(0x7c, 0x05, 1),
    'first FU-A of a P slice': bytes(0x7c, 0x81, 1),
    'no payload': bytes(),
    'one byte': bytes(0x65),
    'STAP-A cut short': bytes(0x78, 0xff, 0xff, 0x06),
  };
  for (const [what, packet] of Object.entries(key)) t.ok(startsKeyframe('H264', packet), what);
  for (const [what, packet] of Object.entries(other)) t.notOk(startsKeyframe('H264', packet), what);
});

t.test('key frames of H.265 are told in single, aggregated and fragmented packets', async (t) => {
  const key = [
    bytes(0x26, 1, 9),
    bytes(0x40, 1, 9),
    bytes(0x60, 1, 0, 3, 0x42, 1, 9, 0, 3, 0x26, 1, 9),
    bytes(0x62, 1, 0x93, 9),
  ];
  const other = [
    bytes(0x02, 1, 9),
    bytes(0x60, 1, 0, 3, 0x02, 1, 9),
    bytes(0x62, 1, 0x13, 9),
    bytes(0x62, 1, 0x81, 9),
  ];
  for (const packet of key) t.ok(startsKeyframe('H265', packet), packet.toString('hex'));
  for (const packet of other) t.notOk(startsKeyframe('H265', packet), packet.toString('hex'));
});

t.test('contributing sources and an extension are skipped', async (t) => {
  const packet = Buffer.from('92600000000000000000000000000001000000020bad00010000000065aa', 'hex');
  t.ok(startsKeyframe('H264', packet));
  t.notOk(startsKeyframe('H264', packet.subarray(0, 22)), 'cut within its extension');
});

const full = { hasRoom: false, hasDrained: false };
const half = { hasRoom: true, hasDrained: false };
const free = { hasRoom: true, hasDrained: true };
const idr = (timestamp: number) => rtp(0, timestamp, Buffer.from([0x65, 1]));
const slice = (timestamp: number) => rtp(0, timestamp, Buffer.from([0x41, 1]));

t.test(
  'after a drop the gate opens at a whole key frame, once the queue has drained',
  async (t) => {
    const gate = new Gate('H264');
    t.ok(gate.passes(slice(1), half, 0));
    t.notOk(gate.passes(slice(2), full, 0));
    t.notOk(gate.passes(idr(3), half, 1), 'not drained');
    t.notOk(gate.passes(idr(3), free, 2), 'its first part was dropped');
    t.notOk(gate.passes(slice(4), free, 3), 'no key frame');
    t.ok(gate.passes(idr(5), free, 4));
    t.ok(gate.passes(slice(6), half, 5));
  },
);

t.test('a key frame whose first packet was the first drop does not open the gate', async (t) => {
  const gate = new Gate('H264');
  t.notOk(gate.passes(idr(1), full, 0));
  t.notOk(gate.passes(idr(1), free, 1));
  t.ok(gate.passes(idr(2), free, 2));
});

t.test('without a key frame the gate opens after ten seconds', async (t) => {
  const gate = new Gate('H264');
  t.notOk(gate.passes(slice(1), full, 0));
  t.notOk(gate.passes(slice(2), free, 10_000));
  t.ok(gate.passes(slice(3), free, 10_001));
});

t.test('other encodings go on with their next frame', async (t) => {
  const gate = new Gate('JPEG');
  t.notOk(gate.passes(slice(1), full, 0));
  t.notOk(gate.passes(slice(1), free, 0));
  t.ok(gate.passes(slice(2), free, 0));
});
