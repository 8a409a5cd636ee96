import t from 'tap';
import { WindowCounter, windowStart } from '../src/windows.js';

const at = Date.UTC(2026, 1, 27, 13, 45, 30, 250);

t.test('windows begin with the clock and the calendar', async (t) => {
  t.equal(windowStart('second', at), Date.UTC(2026, 1, 27, 13, 45, 30));
  t.equal(windowStart('minute', at), Date.UTC(2026, 1, 27, 13, 45));
  t.equal(windowStart('hour', at), Date.UTC(2026, 1, 27, 13));
  t.equal(windowStart('day', at), Date.UTC(2026, 1, 27));
  t.equal(windowStart('month', at), Date.UTC(2026, 1));
  t.equal(windowStart('year', at), Date.UTC(2026, 0));
});

t.test('counts end with their window', async (t) => {
  const counter = new WindowCounter('minute');
  counter.add('ann', at);
  counter.add('ann', at + 29_000);
  t.equal(counter.count('ann', at + 29_000), 2);
  t.equal(counter.count('ann', at + 30_000), 0);
});

t.test('no more names are kept than allowed, and the first goes first', async (t) => {
  const counter = new WindowCounter('minute', 2);
  for (const name of ['ann', 'bob', 'bob', 'cem']) counter.add(name, at);
  t.equal(counter.count('ann', at), 0);
  t.equal(counter.count('bob', at), 2);
  t.equal(counter.count('cem', at), 1);
});
