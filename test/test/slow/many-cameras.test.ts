import { connect } from 'node:net';
import { grows, publishFile, Stack, until } from '@framebus/test';
import t from 'tap';

t.test('two cameras go on while a third behaves badly', async (t) => {
  await using stack = await Stack.start();
  const names = ['left', 'right', 'bad'];
  await using _left = await publishFile(stack.rtspUrl('left'));
  await using _right = await publishFile(stack.rtspUrl('right'));
  await using bad = await publishFile(stack.rtspUrl('bad'));
  for (const name of names) await stack.startSession(name, stack.rtspUrl(name), { fps: 5 });
  await using left = await stack.view('left');
  await using right = await stack.view('right');
  await using third = await stack.view('bad');
  for (const viewer of [left, right, third]) {
    await until('first results', () => viewer.frameIndexes.length > 3, { timeoutMs: 60_000 });
  }

  bad.process.kill('SIGSTOP');
  const { hostname, port } = new URL(stack.rtspUrl('bad'));
  const garbage = connect(Number(port), hostname);
  garbage.on('error', () => {});
  garbage.write(Buffer.alloc(100_000, '$\x09\xff\xffANNOUNCE'));
  const before = [left, right].map((viewer) => viewer.frameIndexes.length);
  for (const [i, viewer] of [left, right].entries()) {
    const goesOn = () => viewer.frameIndexes.length >= (before[i] as number) + 20;
    await until('20 more results', goesOn, { timeoutMs: 60_000 });
    t.ok(grows(viewer.frameIndexes));
  }
  garbage.destroy();
  bad.process.kill('SIGCONT');
});
