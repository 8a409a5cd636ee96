import t from 'tap';
import { overload } from '../src/overload.js';

t.test('two minutes of ten times overload leave ages, shares and memory flat', async (t) => {
  for (const { what, measured, bar, reached } of await overload()) {
    t.ok(reached, `${what}: ${measured}; bar: ${bar}`);
  }
});
