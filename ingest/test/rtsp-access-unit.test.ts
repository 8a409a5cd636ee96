import t from 'tap';
import { type AccessUnit, AccessUnitAssembler } from '../src/rtsp/access-unit.js';
import { H264Format } from '../src/rtsp/h264.js';
import { H265Format } from '../src/rtsp/h265.js';
import type { RtpPacket } from '../src/rtsp/rtp.js';
import { packets } from './rtsp-media.js';

const sps = Buffer.from([0x67, 0x42, 0, 0x1f]);
const pps = Buffer.from([0x68, 0xce, 0x3c]);
const idr = Buffer.from([0x65, 0x88, 1, 2, 3, 4, 5, 6]);
const slice = (mark: number) => Buffer.from([0x41, 0x9a, mark]);

/** The units of these packets, which arrive 40 ms apart. */
function unitsOf(
  given: readonly RtpPacket[],
  sets: readonly Buffer[] = [sps, pps],
  format: H264Format | H265Format = new H264Format(),
) {
  const units: AccessUnit[] = [];
  const assembler = new AccessUnitAssembler(format, sets, (unit) => units.push(unit));
  given.forEach((packet, at) => {
    assembler.push(packet, 1_000_000 + at * 40);
  });
  return { units, nals: units.map(({ bytes }) => nalsOf(bytes)), dropped: assembler.dropped };
}

function nalsOf(bytes: Buffer): string[] {
  return bytes.toString('hex').split('00000001').slice(1);
}

const hex = (...nals: readonly Buffer[]) => nals.map((nal) => nal.toString('hex'));

function fragments(nal: Buffer): Buffer[] {
  const [first = 0] = nal;
  const parts = [nal.subarray(1, 3), nal.subarray(3, 5), nal.subarray(5)];
  return parts.map((part, at) => {
    const flags = at === 0 ? 0x80 : at === 2 ? 0x40 : 0;
    return Buffer.concat([Buffer.from([(first & 0xe0) | 28, flags | (first & 0x1f)]), part]);
  });
}

function aggregate(...nals: readonly Buffer[]): Buffer {
  const parts = nals.flatMap((nal) => [Buffer.from([nal.length >> 8, nal.length & 0xff]), nal]);
  return Buffer.concat([Buffer.from([0x78]), ...parts]);
}

t.test('single NAL units, STAP-A and FU-A become Annex B, over the wrap of sequences', (t) => {
  const given = packets([[aggregate(sps, pps), ...fragments(idr)], [slice(1)], [slice(2)]]);
  const { units, nals } = unitsOf(given, []);
  t.same(nals, [hex(sps, pps, idr), hex(slice(1)), hex(slice(2))]);
  t.same(
    units.map(({ key }) => key),
    [true, false, false],
  );
  t.equal(units[0]?.pts, 1_000_000, 'arrival of the first packet');
  t.end();
});

t.test('parameter sets of the SDP go before a key frame that brings none', (t) => {
  t.same(unitsOf(packets([[idr], [slice(1)]])).nals, [hex(sps, pps, idr), hex(slice(1))]);
  t.same(unitsOf(packets([[idr], [slice(1)], [slice(2)]]), []).nals, [], 'none are known');
  const newer = Buffer.from([0x67, 0x4d, 0, 0x1f]);
  const given = packets([[newer, pps, idr], [slice(1)], [idr]]);
  t.same(unitsOf(given).nals.at(-1), hex(newer, pps, idr), 'newer ones take their place');
  t.end();
});

t.test('nothing comes before the first key frame, or before 5 s without one', (t) => {
  t.same(unitsOf(packets([[slice(1)], [slice(2)], [idr], [slice(3)]])).nals, [
    hex(sps, pps, idr),
    hex(slice(3)),
  ]);
  const refreshing = packets(Array.from({ length: 140 }, (_, at) => [slice(at)]));
  const { nals, dropped } = unitsOf(refreshing);
  t.equal(nals.length, 140 - 125);
  t.same(nals[0], hex(sps, pps, slice(125)));
  t.equal(dropped, 0, 'what comes before is not lost');
  t.end();
});

t.test('a gap drops the damaged unit and the rest up to the next key frame', (t) => {
  const all = packets([[idr], [slice(1)], fragments(idr), [slice(2)], [idr], [slice(3)]]);
  const { nals, dropped } = unitsOf(all.filter((_, at) => at !== 3));
  t.same(nals, [hex(sps, pps, idr), hex(slice(1)), hex(sps, pps, idr), hex(slice(3))]);
  t.equal(dropped, 2);
  t.end();
});

t.test('a whole key frame right behind a gap is taken', (t) => {
  const all = packets([[idr], [slice(1)], [slice(2)], [idr], [slice(3)]]);
  const { nals, dropped } = unitsOf(all.filter((_, at) => at !== 2));
  t.equal(nals.length, 4);
  t.same(nals[2], hex(sps, pps, idr));
  t.equal(dropped, 0);
  t.end();
});

t.test('a unit without its last packet is not handed out', (t) => {
  const end = Buffer.from([0x41, 0x40, 9]);
  const all = packets([[idr], [slice(1), end], [slice(2)], [idr]]);
  const { nals } = unitsOf(all.filter((_, at) => at !== 2));
  t.same(nals, [hex(sps, pps, idr), hex(sps, pps, idr)]);
  t.end();
});

t.test('packets that come twice or late are passed over', (t) => {
  const all = packets([[idr], [slice(1)], [slice(2)]]);
  const twice = all.flatMap((packet, at) => [packet, ...all.slice(Math.max(0, at - 1), at + 1)]);
  const { nals, dropped } = unitsOf(twice);
  t.equal(nals.length, 3);
  t.equal(dropped, 0);
  t.end();
});

t.test('a unit is out with its marker; without markers when the next one begins', (t) => {
  const given = packets([[idr], [slice(1)], [slice(2)]]);
  t.equal(unitsOf(given).units.length, 3);
  t.equal(unitsOf(given.map((packet) => ({ ...packet, marker: false }))).units.length, 2);
  t.end();
});

t.test('markers in the midst of pictures are not believed', (t) => {
  const end = Buffer.from([0x41, 0x40, 9]);
  const all = packets([[idr, end], [slice(1), end], [slice(2), end], [slice(3)]]);
  const wrong = all.map((packet) => ({ ...packet, marker: true }));
  const { nals, dropped } = unitsOf(wrong);
  t.same(nals, [hex(sps, pps, idr, end), hex(slice(1), end), hex(slice(2), end)]);
  t.equal(dropped, 0);
  const later = packets([[idr], [slice(1), end], [slice(2)], [idr, end], [slice(3), end], [idr]]);
  const turned = unitsOf(later.map((packet) => ({ ...packet, marker: true })));
  t.same(turned.nals.slice(2), [hex(sps, pps, idr, end), hex(slice(3), end)]);
  t.end();
});

t.test('a unit over 8 MiB and payloads that are wrong are dropped', (t) => {
  const big = Buffer.alloc(65_000, 0x41);
  const huge = packets([[idr], [slice(1)], Array.from({ length: 140 }, () => big), [idr]]);
  const { units, dropped } = unitsOf(huge);
  t.same(
    units.map(({ key }) => key),
    [true, false, true],
  );
  t.equal(dropped, 1);
  const wrong = [[0x78, 0, 9, 1], [0x7c, 0x05, 1], [0x7c, 0x85], [0x79, 1, 2], [0x60]];
  for (const bytes of wrong) {
    const given = packets([[idr], [Buffer.from(bytes)], [slice(1)], [idr]]);
    t.equal(unitsOf(given).nals.length, 2, JSON.stringify(bytes));
  }
  t.end();
});

t.test('H.265: single NAL units, AP and FU', (t) => {
  const sets = [0x40, 0x42, 0x44].map((first) => Buffer.from([first, 1, 7, 7]));
  const irap = Buffer.from([0x26, 1, 0xaf, 1, 2, 3, 4]);
  const trail = Buffer.from([0x02, 1, 0xd0, 5]);
  const parts = sets.flatMap((nal) => [Buffer.from([0, nal.length]), nal]);
  const ap = Buffer.concat([Buffer.from([0x60, 1]), ...parts]);
  const fu = (flags: number, part: Buffer) =>
    Buffer.concat([Buffer.from([0x62, 1, flags | 19]), part]);
  const split = [
    fu(0x80, irap.subarray(2, 4)),
    fu(0, irap.subarray(4, 6)),
    fu(0x40, irap.subarray(6)),
  ];
  const { nals, units } = unitsOf(packets([[ap, ...split], [trail]]), [], new H265Format());
  t.same(nals, [hex(...sets, irap), hex(trail)]);
  t.ok(units[0]?.key);
  const bare = unitsOf(packets([[irap], [trail]]), sets, new H265Format());
  t.same(bare.nals[0], hex(...sets, irap));
  t.end();
});
