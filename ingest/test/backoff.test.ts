import t from 'tap';
import { Backoff } from '../src/backoff.js';

t.test(
  'waits double up to the longest, less at most a quarter, and begin anew after a reset',
  (t) => {
    const backoff = new Backoff(1_000, 30_000);
    for (const full of [1, 2, 4, 8, 16, 30, 30, 30]) {
      const waitMs = backoff.nextMs();
      t.ok(waitMs > full * 750 && waitMs <= full * 1_000, `${waitMs} of ${full} s`);
    }
    backoff.reset();
    t.ok(backoff.nextMs() <= 1_000);
    t.end();
  },
);
