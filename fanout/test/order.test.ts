import { setTimeout } from 'node:timers/promises';
import { until } from '@framebus/test';
import t from 'tap';
import { Order, type Ordered } from '../src/order.js';

/** An event of frame `index`, taken for ticket `ticket`, which came after ticket `previous`. */
function event(index: number, previous = index - 1, ticket = index): Ordered {
  return {
    ...{ frame_index: index, captured_at: index },
    ...{ ticket_index: ticket, previous_ticket_index: previous },
  };
}

function create(holdMs = 60) {
  const counters = { held: 0, late: 0, duplicate: 0 };
  const released: number[] = [];
  const times: number[] = [];
  const order = new Order<Ordered>(
    holdMs,
    ({ frame_index }) => {
      released.push(frame_index);
      times.push(performance.now());
    },
    counters,
  );
  return { counters, released, times, order };
}

t.test('the first event goes at once, whatever came before it', async (t) => {
  const { order, released } = create();
  order.push(event(50, 40));
  t.same(released, [50]);
});

t.test('an unbroken chain never waits, though frame indexes have gaps', async (t) => {
  const { order, released, counters } = create();
  order.push(event(10));
  order.push(event(14, 10));
  order.push(event(15, 14));
  order.push(event(29, 15));
  t.same(released, [10, 14, 15, 29]);
  t.equal(counters.held, 0);
});

t.test('events that overtook one are held until it comes, then go in order', async (t) => {
  const { order, released, counters } = create();
  order.push(event(1));
  order.push(event(4, 3));
  order.push(event(3, 2));
  t.same(released, [1], 'held');
  order.push(event(2));
  t.same(released, [1, 2, 3, 4]);
  t.equal(counters.held, 2);
});

t.test('a missing event is waited for no longer than holdMs', async (t) => {
  const { order, released, times, counters } = create(150);
  order.push(event(1));
  const start = performance.now();
  order.push(event(3));
  order.push(event(4));
  order.push(event(6));
  await until('all are released', () => released.length === 4);
  t.same(released, [1, 3, 4, 6]);
  const waitedMs = (times[1] ?? 0) - start;
  t.ok(waitedMs > 140 && waitedMs < 300, `waited ${waitedMs} ms`);
  order.push(event(2));
  t.same(released, [1, 3, 4, 6], 'what comes later is not shown');
  t.equal(counters.late, 1);
});

t.test('each event has its own holdMs', async (t) => {
  const { order, released, times } = create(250);
  order.push(event(1));
  order.push(event(9, 8));
  await setTimeout(150);
  const start = performance.now();
  order.push(event(12, 11));
  await until('all are released', () => released.length === 3);
  t.same(released, [1, 9, 12]);
  t.ok((times[1] ?? 0) - start < 200);
  t.ok((times[2] ?? 0) - start > 240);
});

t.test('a frame that two tickets led to is shown once, and the chain goes on', async (t) => {
  const { order, released, counters } = create();
  order.push(event(7, 4, 5));
  order.push(event(7, 5, 7));
  order.push(event(9, 7));
  t.same(released, [7, 9]);
  t.equal(counters.duplicate, 1);
  t.equal(counters.held, 0);
});

t.test(
  'of a frame that two tickets led to, either event may come first, and be held',
  async (t) => {
    const { order, released, counters } = create(1_000);
    order.push(event(4));
    order.push(event(12, 9, 10));
    order.push(event(12, 10, 12));
    order.push(event(13, 12));
    t.same(released, [4], 'ticket 9 is missing');
    order.push(event(9, 4, 9));
    t.same(released, [4, 9, 12, 13]);
    order.push(event(20, 16, 18));
    order.push(event(20, 13, 16));
    t.same(released, [4, 9, 12, 13, 20], 'the second came for the ticket that was missing');
    t.equal(counters.duplicate, 2);
  },
);

t.test('a second copy of what is held or was shown is dropped', async (t) => {
  const { order, released, counters } = create();
  order.push(event(1));
  order.push(event(3));
  order.push(event(3));
  order.push(event(2));
  order.push(event(2));
  t.same(released, [1, 2, 3]);
  t.equal(counters.duplicate, 2);
});

t.test('an event of an unknown chain goes at once, after what is held before it', async (t) => {
  const { order, released } = create();
  order.push(event(1));
  order.push(event(3));
  order.push(event(20, 0));
  t.same(released, [1, 3, 20]);
});

t.test('after a reset indexes may begin anew', async (t) => {
  const { order, released } = create();
  order.push(event(500));
  order.reset();
  order.push(event(1, 0));
  order.push(event(2));
  t.same(released, [500, 1, 2]);
});

t.test('holdMs 0 holds nothing', async (t) => {
  const { order, released, counters } = create(0);
  order.push(event(1));
  order.push(event(3));
  order.push(event(2));
  t.same(released, [1, 3]);
  t.equal(counters.held, 0);
});

t.test('of any shuffle within holdMs released indexes only grow and none is lost', async (t) => {
  for (let round = 0; round < 50; round += 1) {
    const { order, released } = create(1_000);
    const events = Array.from({ length: 40 }, (_, i) => event(i * 2 + 2, i * 2));
    order.push(events[0] as Ordered);
    const rest = events.slice(1).map((e) => ({ e, key: e.frame_index + Math.random() * 12 }));
    for (const { e } of rest.sort((a, b) => a.key - b.key)) order.push(e);
    t.same(
      released,
      events.map((e) => e.frame_index),
    );
    order[Symbol.dispose]();
  }
});
