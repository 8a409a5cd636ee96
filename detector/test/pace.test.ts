import t from 'tap';
import { Pace } from '../src/pace.js';

t.test('the next frame is fetched at once while the model is idle', async (t) => {
  const pace = new Pace();
  t.equal(pace.waitMs(0), 0);
  pace.prepared(10);
  t.equal(pace.waitMs(100), 0);
});

t.test('the next frame is fetched so that it is ready when the model is', async (t) => {
  const pace = new Pace();
  pace.prepared(10);
  pace.handed(0);
  pace.finished(100, 100, 0);
  pace.handed(200);
  t.equal(pace.waitMs(200), 90, 'free at 300, 10 ms to prepare');
  t.equal(pace.waitMs(295), 0);
  pace.handed(290);
  t.equal(pace.waitMs(290), 100, 'two frames are in its hands until 400');
  pace.finished(310, 110, 1);
  t.ok(Math.abs(pace.waitMs(310) - 92) < 1e-9, 'estimates follow: 102 ms each');
});
