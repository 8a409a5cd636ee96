import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';

/** A page's main thread over some time. */
export interface Work {
  /** Tasks, and the longest of them: by the clock, and by the time in which a core worked on it, in ms. */
  readonly tasks: number;
  readonly longestMs: number;
  readonly longestWorkMs: number;
  /** Tasks over 50 ms by the clock, which is what browsers call a long task, and over 100 ms. */
  readonly long: number;
  readonly veryLong: number;
  /** The longest by the clock, and where in the browser each was posted from. */
  readonly longest: readonly {
    readonly from: string;
    readonly clockMs: number;
    readonly workMs: number;
  }[];
  /**
   * Shares of the time, 0 to 1: in which the thread worked, in which it was ready but had no core, most of it before
   * a task began, and in which tasks had begun but did not work.
   */
  readonly worked: number;
  readonly waited: number;
  readonly stalled: number;
}

/** Of the trace event format: times in µs, `tdur` of the thread's own. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string; readonly src_file?: string; readonly src_func?: string };
}

/** To find the thread. */
const firstMs = 1_000;
const sliceMs = 10_000;
const longestCount = 5;
const taskName = 'ThreadControllerImpl::RunTask';

/** Traces each task of the page's main thread for so long, in slices: a trace is kept in memory. */
export async function traceMainThread(page: Page, forMs: number): Promise<Work> {
  const cdp = await page.context().newCDPSession(page);
  const thread = mainThreadOf(await slice(cdp, firstMs));
  const tasks: TraceEvent[] = [];
  const [started, waitedBefore] = [performance.now(), await waitedMs(thread)];
  while (performance.now() - started < forMs) {
    const events = await slice(cdp, sliceMs);
    tasks.push(...events.filter(({ name, tid }) => name === taskName && tid === thread));
  }
  const tookMs = performance.now() - started;
  const waited = (await waitedMs(thread)) - waitedBefore;
  await cdp.detach();
  const [clock, work] = [tasks.map(({ dur = 0 }) => dur), tasks.map(({ tdur = 0 }) => tdur)];
  return {
    tasks: tasks.length,
    longestMs: largest(clock) / 1_000,
    longestWorkMs: largest(work) / 1_000,
    long: clock.filter((us) => us > 50_000).length,
    veryLong: clock.filter((us) => us > 100_000).length,
    longest: tasks
      .toSorted((a, b) => (b.dur ?? 0) - (a.dur ?? 0))
      .slice(0, longestCount)
      .map(({ dur = 0, tdur = 0, args: { src_file = '', src_func = '' } }) => ({
        ...{ from: `${src_func} in ${src_file}`, clockMs: dur / 1_000, workMs: tdur / 1_000 },
      })),
    worked: sum(work) / 1_000 / tookMs,
    waited: waited / tookMs,
    stalled: (sum(clock) - sum(work)) / 1_000 / tookMs,
  };
}

async function slice(cdp: CDPSession, forMs: number): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  const take = ({ value }: { value: object[] }) => events.push(...(value as TraceEvent[]));
  cdp.on('Tracing.dataCollected', take);
  const traceConfig = { includedCategories: ['toplevel'], excludedCategories: ['*'] };
  await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
  await sleep(forMs);
  const complete = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve));
  await cdp.send('Tracing.end');
  await complete;
  cdp.off('Tracing.dataCollected', take);
  return events;
}

/** The one of a renderer that does the most: a browser keeps a spare. */
function mainThreadOf(events: readonly TraceEvent[]): number {
  const threads = events.filter(({ args }) => args.name === 'CrRendererMain').map(({ tid }) => tid);
  const count = (id: number) => events.filter(({ tid }) => tid === id).length;
  const [most] = threads.toSorted((a, b) => count(b) - count(a));
  if (most === undefined) throw new Error('the trace names no main thread');
  return most;
}

/** For how long a thread was ready but waited for a core (Documentation/scheduler/sched-stats.rst of Linux). */
async function waitedMs(thread: number): Promise<number> {
  const text = await readFile(`/proc/${thread}/schedstat`, 'utf8');
  return Number(text.split(' ')[1]) / 1e6;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function largest(numbers: readonly number[]): number {
  return numbers.reduce((most, one) => Math.max(most, one), 0);
}
