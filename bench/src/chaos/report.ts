import type { Row } from '../row.js';
import { type Happened, type Outcome, p50, recoveries } from './chaos.js';
import type { Part } from './fault.js';

const parts: readonly Part[] = [
  'detector',
  'fanout',
  'ingest',
  'gateway',
  'relay',
  'camera',
  'clock',
  'NATS',
];
const quickParts: readonly Part[] = ['detector', 'fanout', 'ingest'];
/** Two batches in hand and one that is fetched. */
const inHand = 3;
/** A ticket is known by what came behind it, see KnownTicket. */
const slackMs = 2_000;

/** Recovery by fault, as a table. */
export function faultTable({ happened }: Outcome): string {
  const names = [...new Set(happened.map(({ fault }) => fault.name))].sort();
  const lines = names.map((name) => {
    const times = happened.filter((one) => one.fault.name === name).map((one) => one.recoveryMs);
    return `| ${name} | ${times.length} | ${ms(p50(times))} | ${ms(Math.max(...times))} |`;
  });
  return ['| fault | times | recovery p50 | worst |', '|---|---|---|---|', ...lines].join('\n');
}

/** What was promised, and what came. */
export function bars(outcome: Outcome): Row[] {
  const { ledger, happened } = outcome;
  const missing = ledger.missing.map((one) => ({ ...one, cause: causeOf(one.at, happened) }));
  const lost = (cause: string) => missing.filter((one) => one.cause === cause).length;
  const kills = happened.filter(({ fault }) => fault.name === 'detector killed').length;
  const worst = Math.max(...happened.map(({ recoveryMs }) => recoveryMs));
  return [
    row('worst recovery', ms(worst), '≤ 10 s', worst <= 10_000),
    ...parts.flatMap((part) => {
      const times = recoveries(happened, part);
      if (times.length === 0) return [];
      const most = quickParts.includes(part) ? 5_000 : 10_000;
      const of = `p50 ${ms(p50(times))}, worst ${ms(Math.max(...times))}`;
      return [row(`recovery of ${part}`, of, `≤ ${most / 1_000} s`, Math.max(...times) <= most)];
    }),
    zero('events that are stored twice', ledger.duplicates),
    zero('order breaks seen by viewers', outcome.orderBreaks),
    zero('results that a viewer got twice', outcome.repeats),
    zero('sessions lost', outcome.sessionsLost),
    row(
      `frames in the hand of a detector that was killed (${kills} times)`,
      `${lost('detector killed')} without event`,
      `≤ ${inHand * kills}`,
      lost('detector killed') <= inHand * kills,
    ),
    zero('other tickets without event', lost('')),
    zero('processes left', outcome.left.length),
    ...[...outcome.memory].map(([kind, { early, late }]) =>
      row(
        `memory of ${kind}`,
        `${early.toFixed(0)} MiB, ${late.toFixed(0)} MiB at the end`,
        '≤ 1.5 × + 32 MiB',
        late <= 1.5 * early + 32,
      ),
    ),
  ];
}

/** One line on what happened. */
export function summary(outcome: Outcome): string {
  const { seed, tookMs, happened, frames, ledger, results, reconnects, notDone } = outcome;
  return [
    `seed ${seed}: ${happened.length} faults in ${(tookMs / 60_000).toFixed(1)} minutes;`,
    `${frames} frames, ${ledger.events} events, ${results} results to viewers, which connected anew ${reconnects} times;`,
    notDone.length > 0 ? `not done: ${notDone.join(', ')}` : 'every kind of fault',
  ].join(' ');
}

/** Each ticket without event, and what went on around it: a line each, to look into. */
export function gaps({ ledger, happened }: Outcome): string {
  const lines = ledger.missing.map(({ session, ticket, at }) => {
    const faults = near(at, happened).map(
      ({ fault, began, ended }) => `${fault.name} (${began - at} to ${ended - at} ms)`,
    );
    return `ticket ${ticket} of ${session} has no event: ${faults.join(', ')}`;
  });
  return lines.join('\n');
}

/** What explains a gap at that time: only a detector that was killed takes with it what it had in hand. */
function causeOf(at: number, happened: readonly Happened[]): 'detector killed' | '' {
  const killed = near(at, happened).some(({ fault }) => fault.name === 'detector killed');
  return killed ? 'detector killed' : '';
}

function near(at: number, happened: readonly Happened[]): Happened[] {
  return happened.filter(
    ({ began, ended, recoveryMs }) =>
      at > began - slackMs && at < ended + Math.min(recoveryMs, 60_000) + slackMs,
  );
}

function row(what: string, measured: string, bar: string, reached: boolean): Row {
  return { what, measured, bar, reached };
}

function zero(what: string, count: number): Row {
  return row(what, `${count}`, '0', count === 0);
}

function ms(time: number): string {
  return Number.isFinite(time) ? `${(time / 1_000).toFixed(1)} s` : 'never';
}
