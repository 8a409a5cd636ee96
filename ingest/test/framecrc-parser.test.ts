import t from 'tap';
import { FramecrcError, FramecrcParser } from '../src/framecrc-parser.js';

const header = '#software: Lavf59\n#tb 0: 1/1000\n#dimensions 0: 4x4\n';

function line(pts: number, size: number): string {
  return `0, ${pts}, ${pts},        1, ${size}, 0x0123abcd\n`;
}

function parse(chunks: readonly Buffer[], maxFrameBytes?: number) {
  const pictures: { pts: number; bytes: string }[] = [];
  const parser = new FramecrcParser(
    (pts, bytes) => pictures.push({ pts, bytes: bytes.toString('latin1') }),
    maxFrameBytes,
  );
  for (const chunk of chunks) parser.push(chunk);
  return pictures;
}

t.test('pictures are found wherever the stream is split', (t) => {
  const bytes = '\xff\xd8\n0, 1, 1, 1, 9, 0x00000000\n#\xff\xd9';
  const stream = Buffer.from(
    `${header}${line(1795419582762, bytes.length)}${bytes}${line(5, 3)}abc`,
    'latin1',
  );
  const whole = [
    { pts: 1795419582762, bytes },
    { pts: 5, bytes: 'abc' },
  ];
  t.same(parse([stream]), whole);
  for (let at = 1; at < stream.length; at += 1) {
    t.same(parse([stream.subarray(0, at), stream.subarray(at)]), whole, `split at ${at}`);
  }
  t.same(parse([...stream].map((byte) => Buffer.of(byte))), whole, 'byte by byte');
  t.end();
});

t.test('a picture does not change when the chunk that it came in is written over', (t) => {
  const chunk = Buffer.from(`${line(1, 3)}abc`);
  const seen: Buffer[] = [];
  new FramecrcParser((_pts, bytes) => seen.push(bytes)).push(chunk);
  chunk.fill(0);
  t.equal(seen[0]?.toString(), 'abc');
  t.end();
});

t.test('side data after the checksum is allowed', (t) => {
  t.same(parse([Buffer.from('0, 7, 7, 0, 1, 0x00000001, S=1, 8, 0x00000000\nx')]), [
    { pts: 7, bytes: 'x' },
  ]);
  t.end();
});

t.test('what is no framecrc is an error', (t) => {
  const broken = {
    words: 'Conversion failed!\n',
    'another stream': '1, 0, 0, 1, 3, 0x01234567\n',
    'a missing field': '0, 0, 0, 3, 0x01234567\n',
    'a picture of no bytes': line(0, 0),
    'a picture that is too large': line(0, 1001),
    'a line without end': 'x'.repeat(5000),
  };
  for (const [name, text] of Object.entries(broken)) {
    t.throws(() => parse([Buffer.from(text)], 1000), FramecrcError, name);
  }
  t.end();
});
