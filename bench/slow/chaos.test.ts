import t from 'tap';
import { chaos } from '../src/chaos/chaos.js';
import { faultTable, summary } from '../src/chaos/report.js';

// `npm run chaos` holds times and memory against their bars as well, on a machine that does nothing else.
t.test(
  'twenty faults in about a minute lose no session, no order, and double nothing',
  async (t) => {
    const outcome = await chaos({ seed: 1, minutes: 1, count: 20 }, (words) => t.comment(words));
    t.comment(`${summary(outcome)}\n${faultTable(outcome)}`);
    t.ok(
      outcome.happened.every(({ recoveryMs }) => Number.isFinite(recoveryMs)),
      'every viewer sees results again',
    );
    t.equal(outcome.ledger.duplicates, 0, 'events that are stored twice');
    t.equal(outcome.orderBreaks, 0, 'order breaks');
    t.equal(outcome.repeats, 0, 'results that a viewer got twice');
    t.equal(outcome.sessionsLost, 0, 'sessions lost');
    t.same(outcome.left, [], 'processes left');
  },
);
