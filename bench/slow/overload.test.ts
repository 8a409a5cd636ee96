import t from 'tap';
import { measureOverload } from '../src/overload.js';

// Without bounds frames would age by 80 s here. `npm run bench` has the bars for a machine that does nothing else.
t.test(
  'a minute and a half of ten times overload leaves frames fresh and shares equal',
  async (t) => {
    const { times, p50, p99, share, mib } = await measureOverload();
    t.comment(JSON.stringify({ times, p50, p99, share, mib }));
    t.ok(times > 5, `${times} times overload`);
    t.ok(p50 < 500, `half of the frames are younger than ${p50} ms`);
    t.ok(Math.max(p99.early, p99.late) < 3_000, `p99 ${p99.early}, then ${p99.late} ms`);
    t.ok(
      share.least >= 0.75 && share.greatest <= 1.25,
      `shares ${share.least} to ${share.greatest}`,
    );
    t.ok(mib.late <= 1.25 * mib.early + 16, `${mib.early}, then ${mib.late} MiB`);
  },
);
