import t from 'tap';
import { soak } from '../src/soak.js';

t.test('thirty minutes at full load leave the memory of each process flat', async (t) => {
  for (const { what, measured, bar, reached } of await soak()) {
    t.ok(reached, `${what}: ${measured}; bar: ${bar}`);
  }
});
