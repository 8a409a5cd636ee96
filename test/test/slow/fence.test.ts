import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readTicket, type SessionState, type StatusEvent } from '@framebus/contract';
import { type Child, freePort, grows, publishTestPicture, Stack, until } from '@framebus/test';
import t from 'tap';

const patience = { timeoutMs: 90_000 };

/** What is published for a session, in the order in which NATS has it. */
function tap(stack: Stack, sessionId: string) {
  const seen = { frames: [] as number[], tickets: [] as number[], news: [] as StatusEvent[] };
  const { connection } = stack.bus;
  connection.subscribe(`frames.${sessionId}`, {
    callback: (_, { headers }) => seen.frames.push(Number(headers?.get('Frame-Index'))),
  });
  connection.subscribe(`tickets.${sessionId}`, {
    callback: (_, { headers }) => seen.tickets.push(readTicket(headers).ticketIndex),
  });
  connection.subscribe(`status.${sessionId}`, {
    callback: (_, message) => seen.news.push(message.json<StatusEvent>()),
  });
  return seen;
}

/** Every state that is stored of a session, from now on. */
async function states(stack: Stack, sessionId: string) {
  const stored: SessionState[] = [];
  const watch = await stack.bus.bucket('session-state').watch({ key: sessionId });
  void (async () => {
    for await (const entry of watch) {
      if (entry.operation === 'PUT') stored.push(entry.json<SessionState>());
    }
  })();
  return stored;
}

/**
 * Stops an ingest between two frames, with pictures that wait for it: those are the first thing that it reads when it
 * goes on, before any timer of its own tells how late it is.
 */
async function stopWithPictures({ process: { pid = 0 } }: Child): Promise<void> {
  const [decoder] = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ');
  process.kill(Number(decoder), 'SIGSTOP');
  await sleep(500);
  process.kill(pid, 'SIGSTOP');
  process.kill(Number(decoder), 'SIGCONT');
}

t.test(
  'an ingest that stood still beyond its lease publishes nothing of what another took',
  async (t) => {
    await using stack = await Stack.start();
    await stack.addIngest(await freePort());
    await using _camera = await publishTestPicture(stack.rtspUrl('a'), 10);
    const seen = tap(stack, 'a');
    const stored = await states(stack, 'a');
    await stack.startSession('a', stack.rtspUrl('a'));
    await using viewer = await stack.view('a', 'json', 'frames=none');
    await until('results', () => viewer.frameIndexes.length > 10, patience);
    const [first, second] = stack.ingests;
    const [old, other] = first?.output.includes(`${stored.at(-1)?.owner}`)
      ? [first, second]
      : [second, first];
    if (!old || !other) throw new Error('two ingests run');
    t.teardown(() => old.process.kill('SIGCONT'));

    await stopWithPictures(old);
    const stopped = stored.at(-1)?.owner;
    const taken = () => stored.at(-1)?.owner !== stopped && stored.at(-1)?.status === 'running';
    await until('the other runs the session', taken, patience);
    const results = () => viewer.frameIndexes.length;
    const shown = results();
    await until('results of the other', () => results() > shown + 10, patience);

    const at = { states: stored.length, news: seen.news.length };
    old.process.kill('SIGCONT');
    const letGo = () => old.output.includes('session let go');
    await until('the one that stood still gives the session up', letGo, patience);
    const goneAt = results();
    await until('the other goes on', () => results() > goneAt + 20, patience);

    t.ok(grows(seen.frames), 'frames of one ingest alone: their indexes grow');
    t.ok(grows(seen.tickets), 'and those of tickets');
    const late = stored.slice(at.states).filter(({ owner }) => owner === stopped);
    t.same(late, [], 'no state');
    // The other may tell of its rate, which on a busy machine falls; one that stood still has hardly any.
    const told = seen.news.slice(at.news).filter((one) => !('info' in one) || one.info.fps < 5);
    t.same(told, [], 'no news');
    t.notOk(other.output.includes('session let go'), 'the other keeps it');
    t.ok(grows(viewer.frameIndexes), 'viewers see no frame twice and none out of order');
  },
);
