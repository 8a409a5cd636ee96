import t from 'tap';
import { AccessUnitFeed } from '../src/access-unit-feed.js';
import { ivfHeader } from '../src/rtsp/ivf.js';

const unit = (pts: number, size: number, key = false) => ({ pts, key, bytes: Buffer.alloc(size) });

/** The pts that come out. */
function read(feed: AccessUnitFeed): bigint[] {
  const bytes: Buffer[] = [];
  for (let chunk = feed.read(); chunk !== null; chunk = feed.read()) bytes.push(chunk);
  const all = Buffer.concat(bytes);
  const times: bigint[] = [];
  for (let at = ivfHeader('h264').length; at < all.length; at += 12 + all.readUInt32LE(at)) {
    times.push(all.readBigUInt64LE(at + 4));
  }
  return times;
}

t.test('a reader that keeps up gets every access unit', async (t) => {
  const feed = new AccessUnitFeed('h264', () => t.fail('nothing is dropped'));
  const times: number[] = [];
  feed.on('data', (chunk: Buffer) => {
    if (chunk.length === 12 + 1_000) times.push(Number(chunk.readBigUInt64LE(4)));
  });
  for (let pts = 0; pts < 5_000; pts += 1_000) {
    feed.offer(unit(pts, 1_000));
    await new Promise(setImmediate);
  }
  t.same(times, [0, 1_000, 2_000, 3_000, 4_000]);
});

for (const [what, size, everyMs] of [
  ['2 s', 100_000, 1_000],
  ['4 MiB', 1_500_000, 40],
] as const) {
  t.test(
    `over ${what} behind, units are dropped up to a key frame, which takes all places`,
    (t) => {
      let dropped = 0;
      const feed = new AccessUnitFeed('h264', (more) => {
        dropped += more;
      });
      for (let at = 0; at < 12; at += 1)
        feed.offer(unit(at * everyMs, size, at === 0 || at === 10));
      const times = read(feed).map((pts) => Number(pts) / everyMs);
      t.same(times.slice(-2), [10, 11]);
      t.equal(times.length + dropped, 12, 'all others are counted');
      t.ok(times.length <= 4, `${times}`);
      t.end();
    },
  );
}
