import { freePort, grows, publishFile, publishTestPicture, Stack, until } from '@framebus/test';
import t from 'tap';

interface Session {
  readonly status: string;
  readonly owner: string | null;
  readonly frame_count: number;
}

t.test('results flow again within 5 s of a restart of a killed nats-server', async (t) => {
  await using stack = await Stack.start();
  await using _camera = await publishFile(stack.rtspUrl('a'));
  await stack.startSession('a', stack.rtspUrl('a'));
  await using viewer = await stack.view('a');
  await until('results', () => viewer.frameIndexes.length > 5, { timeoutMs: 60_000 });
  await stack.nats.kill();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await stack.nats.up();
  const restartedAt = Date.now();
  const seen = viewer.frameIndexes.length;
  // The first of them may have been in hand before the crash.
  await until('results again', () => viewer.frameIndexes.length > seen + 3);
  const tookMs = Date.now() - restartedAt;
  t.ok(tookMs <= 5_000, `${tookMs} ms`);
  t.ok(grows(viewer.frameIndexes));
});

t.test('a camera that goes away and comes back is reconnecting, then running', async (t) => {
  await using stack = await Stack.start();
  const camera = await publishTestPicture(stack.rtspUrl('a'), 10);
  await stack.startSession('a', stack.rtspUrl('a'));
  await using viewer = await stack.view('a');
  const statuses = () => viewer.of('status').map((message) => message.status);
  await until('running', () => statuses().includes('running'), { timeoutMs: 60_000 });
  await until('results', () => viewer.frameIndexes.length > 3);
  await camera.stop('SIGKILL');
  await until('reconnecting', () => statuses().at(-1) === 'reconnecting', { timeoutMs: 60_000 });
  t.ok(await until('why', () => viewer.of('error')[0]?.message), 'viewers are told why');
  const seen = viewer.frameIndexes.length;
  await using _again = await publishTestPicture(stack.rtspUrl('a'), 10);
  await until('running again', () => statuses().at(-1) === 'running', { timeoutMs: 60_000 });
  await until('results again', () => viewer.frameIndexes.length > seen + 3);
  t.ok(grows(viewer.frameIndexes));
});

t.test('a session goes on within 10 s of the death of its ingest', async (t) => {
  await using stack = await Stack.start();
  await stack.addIngest(await freePort());
  await using _camera = await publishFile(stack.rtspUrl('a'));
  await stack.startSession('a', stack.rtspUrl('a'));
  await using viewer = await stack.view('a');
  await until('results', () => viewer.frameIndexes.length > 5, { timeoutMs: 60_000 });
  const keys = await stack.bus.bucket('session-state').get('a');
  const { owner } = keys?.json<{ owner: string }>() ?? {};
  // The one that answers calls must live on: the gateway knows only that one.
  const [first, second] = stack.ingests;
  const owning = first?.output.includes(`${owner}`) ? first : second;
  await owning?.stop('SIGKILL');
  const killedAt = Date.now();
  await until(
    'another owner',
    async () => {
      const entry = await stack.bus.bucket('session-state').get('a');
      const state = entry?.json<Session>();
      return state && state.owner !== owner && state.status === 'running';
    },
    { timeoutMs: 60_000 },
  );
  const seen = viewer.frameIndexes.length;
  await until('results again', () => viewer.frameIndexes.length > seen);
  const tookMs = Date.now() - killedAt;
  t.ok(tookMs <= 10_000, `${tookMs} ms`);
  await until('more results', () => viewer.frameIndexes.length > seen + 10);
  t.ok(grows(viewer.frameIndexes));
});
