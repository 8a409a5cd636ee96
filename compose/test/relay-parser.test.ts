import t from 'tap';
import { RtspParser } from '../src/relay/parser.js';

const limits = { maxHeaderBytes: 1024, maxBodyBytes: 512 };
const wire = Buffer.concat([
  Buffer.from('OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n'),
  Buffer.from([0x24, 3, 0, 5, 1, 2, 3, 4, 5]),
  Buffer.from('\r\nANNOUNCE rtsp://h/a RTSP/1.0\r\ncseq:2\r\nContent-Length: 4\r\n\r\nv=0\n'),
  Buffer.from([0x24, 0, 0, 0]),
  Buffer.from([0x24, 255, 1, 0]),
  Buffer.alloc(256, 0x24),
  Buffer.from('TEARDOWN rtsp://h/a RTSP/1.0\r\nCSeq: 3\r\n\r\n'),
]);

function parse(chunks: readonly Buffer[]): string[] {
  const parser = new RtspParser(limits);
  const seen: string[] = [];
  for (const chunk of chunks) {
    parser.push(chunk);
    for (let message = parser.next(); message !== undefined; message = parser.next()) {
      seen.push(
        message.kind === 'frame'
          ? `${message.channel}:${message.bytes.toString('hex')}`
          : `${message.method} ${message.url} ${message.headers.get('cseq')} ${message.body}`,
      );
    }
  }
  return seen;
}

function pieces(size: number): Buffer[] {
  return Array.from({ length: Math.ceil(wire.length / size) }, (_, index) =>
    Buffer.from(wire.subarray(index * size, (index + 1) * size)),
  );
}

t.test('the same messages come out however the chunks fall', async (t) => {
  const whole = parse([wire]);
  t.same(whole.slice(0, 3), [
    'OPTIONS * 1 ',
    '3:240300050102030405',
    'ANNOUNCE rtsp://h/a 2 v=0\n',
  ]);
  t.equal(whole.length, 6);
  const differs = (chunks: Buffer[]) => parse(chunks).join() !== whole.join();
  const lengths = Array.from({ length: wire.length }, (_, index) => index + 1);
  t.same(
    lengths.filter((size) => differs(pieces(size))),
    [],
  );
  t.same(
    lengths.filter((cut) => differs([wire.subarray(0, cut), wire.subarray(cut)])),
    [],
  );
});

t.test('a frame does not change when its chunk does', async (t) => {
  const parser = new RtspParser(limits);
  const chunk = Buffer.from([0x24, 0, 0, 2, 7, 7]);
  parser.push(chunk);
  const frame = parser.next();
  chunk.fill(0);
  t.same(frame?.kind === 'frame' && [...frame.bytes], [0x24, 0, 0, 2, 7, 7]);
});

const wrong: Record<string, [text: string, status: number]> = {
  'bytes that are no request': ['\x16\x03\x01\x02', 400],
  'a lower-case method': ['options * RTSP/1.0\r\n\r\n', 400],
  HTTP: ['GET / HTTP/1.1\r\nHost: h\r\n\r\n', 400],
  'a reply': ['RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n', 400],
  'RTSP 2.0': ['OPTIONS * RTSP/2.0\r\nCSeq: 1\r\n\r\n', 505],
  'a request line of two words': ['OPTIONS RTSP/1.0\r\n\r\n', 400],
  'a URL that is not ASCII': ['OPTIONS rtsp://h/\xe9 RTSP/1.0\r\n\r\n', 400],
  'a header without a colon': ['OPTIONS * RTSP/1.0\r\nCSeq 1\r\n\r\n', 400],
  'a header over two lines': ['OPTIONS * RTSP/1.0\r\nA: 1\r\n 2\r\n\r\n', 400],
  'too many headers': [`OPTIONS * RTSP/1.0\r\n${'a: 1\r\n'.repeat(65)}\r\n`, 400],
  'headers without an end': [`OPTIONS * RTSP/1.0\r\nA: ${'x'.repeat(2000)}`, 413],
  'a body over the limit': ['ANNOUNCE * RTSP/1.0\r\nContent-Length: 513\r\n\r\n', 413],
  'a negative Content-Length': ['ANNOUNCE * RTSP/1.0\r\nContent-Length: -1\r\n\r\n', 400],
  'two Content-Lengths': [
    'ANNOUNCE * RTSP/1.0\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    400,
  ],
};

for (const [what, [text, status]] of Object.entries(wrong)) {
  t.test(`${what} is refused with ${status}`, async (t) => {
    t.throws(() => parse([Buffer.from(text, 'latin1')]), { name: 'RtspError', status });
  });
}
