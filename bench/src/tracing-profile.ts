// Loaded before a service by `node --import`: SIGUSR2 starts V8's sampling profiler, and the next one prints what was found.
import { Session } from 'node:inspector/promises';
import { isMainThread } from 'node:worker_threads';

/** What a process printed of the time between two SIGUSR2. */
export interface TracingProfile {
  /** ms in OpenTelemetry's code and in what it calls of Node's and V8's, and in our code that calls it. */
  readonly tracingMs: number;
  /** ms in which the main thread worked, with that. */
  readonly busyMs: number;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly url: string; readonly functionName: string };
  readonly children?: readonly number[] | undefined;
}

const everyUs = 200;
const ofTracing = /\/@opentelemetry\/|\/contract\/dist\/src\/service\/trace\.js$/;
/** Contexts travel in AsyncLocalStorage. */
const ofContexts = /^node:(?:internal\/)?async_(?:hooks|local_storage)/;
const notWorking = new Set(['(idle)', '(program)', '(root)']);

if (isMainThread) {
  const session = new Session();
  session.connect();
  let started = false;
  process.on('SIGUSR2', async () => {
    if (!started) {
      started = true;
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: everyUs });
      await session.post('Profiler.start');
    } else {
      started = false;
      const { profile } = await session.post('Profiler.stop');
      const { nodes, samples = [], timeDeltas = [] } = profile;
      process.stdout.write(`${JSON.stringify({ profile: sum(nodes, samples, timeDeltas) })}\n`);
    }
  });
}

function sum(
  nodes: readonly ProfileNode[],
  samples: readonly number[],
  deltasUs: readonly number[],
): TracingProfile {
  const tracing = new Map<number, boolean>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  // What runs without a file of its own, as V8's and Node's do, counts for its caller.
  const visit = (node: ProfileNode, caller: boolean): void => {
    const { url } = node.callFrame;
    const counts = ofTracing.test(url) || (caller && (url === '' || url.startsWith('node:')));
    tracing.set(node.id, counts || ofContexts.test(url));
    for (const id of node.children ?? []) visit(byId.get(id) as ProfileNode, counts);
  };
  if (nodes[0]) visit(nodes[0], false);
  let [tracingUs, busyUs] = [0, 0];
  for (const [i, id] of samples.entries()) {
    const us = deltasUs[i] ?? 0;
    if (notWorking.has(byId.get(id)?.callFrame.functionName ?? '')) continue;
    busyUs += us;
    if (tracing.get(id)) tracingUs += us;
  }
  return { tracingMs: tracingUs / 1_000, busyMs: busyUs / 1_000 };
}
