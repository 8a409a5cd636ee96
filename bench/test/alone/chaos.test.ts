import t from 'tap';
import { chaos } from '../../src/chaos/chaos.js';
import { bars, faultTable, summary } from '../../src/chaos/report.js';

/** Those are for a machine that does nothing else: `npm run chaos` holds them. */
const unlessBusy = /recovery|memory/;

t.test(
  'two minutes of faults of every kind lose no session, no order, and double nothing',
  async (t) => {
    const outcome = await chaos({ seed: 1, minutes: 2, count: 26 }, (words) => t.comment(words));
    t.comment(`${summary(outcome)}\n${faultTable(outcome)}`);
    t.ok(
      outcome.happened.every(({ recoveryMs }) => Number.isFinite(recoveryMs)),
      'every viewer sees results again',
    );
    for (const { what, measured, bar, reached } of bars(outcome)) {
      if (unlessBusy.test(what)) t.comment(`${what}: ${measured}, bar ${bar}`);
      else t.ok(reached, `${what}: ${measured}, bar ${bar}`);
    }
  },
);
