import type { Test } from 'tap';
import { FramebusProcess, framebus } from './framebus.js';
import { Wire } from './wire.js';

/** What goes on until it is ended, with the session `yard` running behind the gateway. */
export async function liveCases(t: Test, env: { FRAMEBUS_URL: string }): Promise<void> {
  await t.test('watch prints a line a frame into a pipe, or its JSON', async (t) => {
    const words = await framebus(['watch', 'yard', '--count', '5'], env);
    t.match(words, { code: 0, stderr: '' });
    const frame = /^frame \d+ {2}[\d.]+ (ms|s) old {2}.*object 0\.\d\d/gm;
    t.equal(words.stdout.match(frame)?.length, 5, words.stdout);
    const json = await framebus(['watch', 'yard', '--json', '-n', '5'], env);
    const lines = json.stdout.trim().split('\n');
    const results = lines.map((line) => JSON.parse(line)).filter((m) => m.type === 'frame_result');
    t.equal(results.length, 5);
    t.ok(results.every((result) => result.session_id === 'yard' && !('annotated_frame' in result)));
  });

  await t.test('watch draws one table over the other on a terminal; Ctrl-C ends it', async (t) => {
    await using watch = new FramebusProcess(['watch', 'yard'], { env, terminal: true });
    await watch.prints(/yard {2}running {2}800x450 {2}\d+\.\d fps/);
    await watch.prints(/CLASS +COUNT +CONFIDENCE[^]+\w+ object +\d+ +0\.\d\d/);
    await watch.prints(/\x1b\[\d+A/);
    watch.type('\x03');
    t.equal(await watch.closed, 0);
    t.ok(watch.stdout.endsWith('\x1b[?7h\x1b[?25h'), 'the terminal is as it was');
  });

  await t.test('watch says that it connects again, and does', async (t) => {
    await using wire = await Wire.to(env.FRAMEBUS_URL);
    const cut = { env: { FRAMEBUS_URL: wire.url } };
    await using watch = new FramebusProcess(['watch', 'yard'], cut);
    await watch.prints(/^frame/m);
    wire.broken = true;
    wire.cut();
    await watch.prints(/connection lost \(.+\): connecting again in \d\.\d s/);
    await watch.prints(/connection lost \(cannot reach .+\): connecting again/);
    wire.broken = false;
    await watch.prints(/^frame/m);
    watch.signal('SIGINT');
    t.equal(await watch.closed, 0);
    t.notMatch(watch.stderr, / at .*\.js:/);
  });

  await t.test('watch ends without a word when its reader goes away', async (t) => {
    await using watch = new FramebusProcess(['watch', 'yard'], { env });
    await watch.prints(/^frame/m);
    watch.closeReader();
    t.equal(await watch.closed, 0);
    t.equal(watch.stderr, '');
  });

  await t.test('watch waits for a session that is not there yet', async (t) => {
    await using watch = new FramebusProcess(['watch', 'later'], { env });
    await watch.prints(/^status pending {2}/m);
    watch.signal('SIGTERM');
    t.equal(await watch.closed, 0);
  });

  await t.test('alerts prints those of all sessions, and of one alone', async (t) => {
    const all = await framebus(['alerts', '-n', '1'], env);
    t.equal(all.code, 0);
    t.match(all.stdout, /^[\d-]{10} [\d:.]{12} {2}alert {2}yard {2}\w+ object 0\.\d\d\n$/);
    const one = await framebus(['alerts', 'yard', '-n', '1', '--json'], env);
    const alert = { type: 'alert', session_id: 'yard', data: { class_id: Number } };
    t.match(JSON.parse(one.stdout), alert);
  });
}
