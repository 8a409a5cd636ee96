import type { Test } from 'tap';
import { framebus } from './framebus.js';

/** Starting, listing, stopping and removing sessions at a gateway where `yard` runs. */
export async function controlCases(t: Test, env: { FRAMEBUS_URL: string }): Promise<void> {
  const camera = 'rtsp://user:secret@127.0.0.1:9/none';
  const names = ['--classes', 'red object, blue object', '--no-drawing'];
  const numbers = ['--fps', '2', '--max-width', '320', '--quality', '50', '--confidence', '0.6'];
  const start = ['start', camera, '--id', 'gate', ...numbers];

  await t.test('start hands every option on, and says what it did', async (t) => {
    const first = await framebus([...start, ...names], env);
    t.equal(first.code, 0, first.stderr);
    t.match(first.stdout, /^gate {2}pending {2}session was started\n$/);
    const wanted = {
      ...{ stream_url: camera, session_id: 'gate', fps: 2, max_width: 320, jpeg_quality: 50 },
      ...{ confidence_threshold: 0.6, classes: ['red object', 'blue object'] },
      enable_drawing: false,
    };
    const same = await fetch(`${env.FRAMEBUS_URL}/api/v1/video/start`, {
      method: 'POST',
      headers: { apikey: 'video-api-key-001', 'content-type': 'application/json' },
      body: JSON.stringify(wanted),
    });
    t.equal(same.status, 200, 'a call with the same fields is no conflict');
    const other = await framebus(start, env);
    t.equal(other.code, 1);
    t.match(other.stderr, /^framebus: session gate runs with other parameters: stop it first\n$/);
  });

  await t.test('probe tells what a camera gives, or why it gives nothing', async (t) => {
    const { stream_url } = JSON.parse((await framebus(['sessions', '--json'], env)).stdout)[0];
    const found = await framebus(['probe', stream_url], env);
    t.match(found, { code: 0, stdout: /^h264 {2}\d+x\d+ {2}first picture after \d+ ms\n$/ });
    const refused = await framebus(['probe', camera], env);
    t.match(refused, { code: 1, stdout: '', stderr: /^framebus: nothing listens there/ });
  });

  await t.test('sessions are listed for people and for programs, without passwords', async (t) => {
    const words = await framebus(['sessions'], env);
    t.match(words.stdout, /^ID +STATUS +FPS.* NAME +CAMERA/);
    t.match(words.stdout, /^yard +running +\d+\.\d +\d+/m);
    const json = await framebus(['sessions', '--json'], env);
    const sessions = JSON.parse(json.stdout) as { session_id: string }[];
    t.same(sessions.map(({ session_id }) => session_id).sort(), ['gate', 'yard']);
    t.notMatch(words.stdout + json.stdout, /secret/);
  });

  await t.test('a session gets a name, and loses it', async (t) => {
    const named = await framebus(['rename', 'gate', 'North gate'], env);
    t.match(named, { code: 0, stdout: 'gate  North gate\n' });
    t.match((await framebus(['sessions'], env)).stdout, /^gate .* North gate +rtsp:/m);
    const json = await framebus(['rename', 'gate', '--json'], env);
    t.match(JSON.parse(json.stdout), { session_id: 'gate', name: null });
  });

  await t.test('a session is stopped, removed, and then not found', async (t) => {
    const stopped = await framebus(['stop', 'gate'], env);
    t.match(stopped, { code: 0, stdout: 'gate  stopped  session was stopped\n' });
    const picture = await framebus(['snapshot', 'gate'], env);
    t.match(picture, { code: 1, stderr: /gate is stopped: framebus start starts it again/ });
    const removed = await framebus(['remove', 'gate', '--json'], env);
    t.match(JSON.parse(removed.stdout), { session_id: 'gate', status: 'stopped' });
    const missing = await framebus(['remove', 'gate'], env);
    t.match(missing, { code: 1, stderr: 'framebus: no session gate\n', stdout: '' });
  });

  await t.test('health tells the detectors and needs no key', async (t) => {
    const { code, stdout } = await framebus(['health', '--key', 'wrong'], env);
    t.equal(code, 0);
    t.match(stdout, /^healthy; up .*\n\nDETECTOR +MODEL +PROVIDER\n\S+ +shapes +cpu\n$/);
  });

  await t.test('a key that is wrong is refused in words', async (t) => {
    for (const command of [['sessions'], ['watch', 'yard']]) {
      const { code, stderr } = await framebus(command, { ...env, FRAMEBUS_API_KEY: 'wrong' });
      t.equal(code, 1);
      t.match(stderr, /does not take this API key.*FRAMEBUS_API_KEY or --key gives another/);
    }
  });
}
