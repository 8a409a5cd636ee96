import { freePort, NatsServer, until } from '@framebus/test';
import t from 'tap';
import type { SessionView } from '../src/session-view.js';
import { FrameTap } from './frame-tap.js';
import { IngestProcess } from './ingest-process.js';

interface Failure {
  readonly statusCode: number;
  readonly error: string;
  readonly message: string;
  readonly code: string;
}

const nowhere = 'rtsp://127.0.0.1:9/cam';

t.test('the control API', async (t) => {
  await using nats = await NatsServer.start();
  await using ingest = await IngestProcess.start(nats.url, { MAX_SESSIONS: '3' });

  await t.test('bad input is refused with the field and what is right', async (t) => {
    const cases: readonly [body: unknown, words: RegExp][] = [
      [{}, /stream_url: expected an rtsp/],
      [{ stream_url: 7 }, /stream_url: expected an rtsp/],
      [{ stream_url: 'http://camera/x' }, /stream_url: expected rtsp/],
      [{ stream_url: 'rtsp://camera/x y' }, /stream_url: expected rtsp/],
      [{ stream_url: nowhere, fps: 0 }, /fps: expected frames per second, a number from 0.1 to 60/],
      [{ stream_url: nowhere, fps: '10' }, /fps: expected/],
      [{ stream_url: nowhere, max_width: 15 }, /max_width: expected pixels/],
      [{ stream_url: nowhere, max_width: 100.5 }, /max_width: expected pixels/],
      [{ stream_url: nowhere, jpeg_quality: 101 }, /jpeg_quality: expected a whole number/],
      [{ stream_url: nowhere, confidence_threshold: 2 }, /confidence_threshold: expected/],
      [{ stream_url: nowhere, enable_drawing: 'no' }, /enable_drawing: expected true or false/],
      [{ stream_url: nowhere, classes: 'cat' }, /classes: expected at most 100 class names/],
      [{ stream_url: nowhere, classes: [1] }, /classes: expected at most 100 class names/],
      [{ stream_url: nowhere, session_id: 'a b' }, /session_id: expected 1 to 64 of/],
      ['[1]', /body: expected a JSON object/],
      ['{', /JSON/],
    ];
    for (const [body, words] of cases) {
      const answer = await ingest.call<Failure>('POST', 'start', body);
      const shape = {
        status: 400,
        body: { statusCode: 400, error: 'Bad Request', message: words },
      };
      t.match(answer, shape, JSON.stringify(body));
      t.type(answer.body.code, 'string');
    }
    t.match(await ingest.call('POST', 'stop', {}), {
      status: 400,
      body: { message: /session_id/ },
    });
    t.same((await ingest.call('GET', 'sessions')).body, [], 'nothing was started');
  });

  await t.test('a session that is not there is 404', async (t) => {
    for (const [method, path, body] of [
      ['POST', 'stop', { session_id: 'none' }],
      ['GET', 'sessions/none'],
      ['DELETE', 'sessions/none'],
      ['PATCH', 'sessions/none', { name: 'Nothing' }],
      ['GET', 'sessions/none/detections'],
    ] as const) {
      const answer = await ingest.call(method, path, body);
      t.match(answer, { status: 404, body: { code: 'SESSION_NOT_FOUND' } }, `${method} ${path}`);
    }
    const answer = await ingest.call('GET', 'nothing');
    t.match(answer, { status: 404, body: { statusCode: 404, code: 'ROUTE_NOT_FOUND' } });
  });

  await t.test(
    'a start twice is one session, another start of the same id is refused',
    async (t) => {
      const spec = { session_id: 'door', stream_url: nowhere, unknown_field: 1 };
      t.match(await ingest.call('POST', 'start', spec), {
        status: 200,
        body: { session_id: 'door', status: 'pending', message: String },
      });
      t.equal((await ingest.call('POST', 'start', spec)).status, 200, 'idempotent');
      t.match(await ingest.call('POST', 'start', { ...spec, fps: 3 }), {
        status: 409,
        body: { code: 'SESSION_CONFLICT', details: { session_id: 'door' } },
      });
      const { body } = await ingest.call<SessionView[]>('GET', 'sessions');
      t.equal(body.length, 1);
      t.same(Object.keys(body[0] ?? {}).sort(), [
        ...['dropped', 'drops', 'fps', 'frame_count', 'last_error', 'last_error_at'],
        ...['last_error_code', 'last_error_details', 'name', 'owner'],
        ...['session_id', 'start_time', 'status', 'stream_url'],
      ]);
      t.ok(Math.abs((body[0]?.start_time ?? 0) - Date.now() / 1_000) < 10);
    },
  );

  await t.test('a session gets a name, and keeps it when it starts again', async (t) => {
    const rename = (name: unknown) => ingest.call<SessionView>('PATCH', 'sessions/door', { name });
    const { start_time } = (await ingest.call<SessionView>('GET', 'sessions/door')).body;
    t.match(await rename(' Front door \u{1f6aa} '), {
      status: 200,
      body: { session_id: 'door', name: 'Front door \u{1f6aa}', start_time },
    });
    for (const wrong of ['', ' ', 7, 'x'.repeat(81), undefined]) {
      const words = /name: expected a name of 1 to 80 characters/;
      t.match(await rename(wrong), { status: 400, body: { message: words } });
    }
    await ingest.stop('door');
    await ingest.call('POST', 'start', { session_id: 'door', stream_url: nowhere });
    const again = (await ingest.call<SessionView>('GET', 'sessions/door')).body;
    t.match(again, { name: 'Front door \u{1f6aa}' });
    t.match(await rename(null), { status: 200, body: { name: null } });
  });

  await t.test('many starts of one id at once make one session', async (t) => {
    const body = { session_id: 'race', stream_url: nowhere };
    const answers = await Promise.all([1, 2, 3, 4].map(() => ingest.call('POST', 'start', body)));
    t.same(
      answers.map(({ status }) => status),
      [200, 200, 200, 200],
    );
  });

  await t.test('more sessions than MAX_SESSIONS are refused, until one stops', async (t) => {
    t.ok(await ingest.start({ stream_url: nowhere }));
    const refused = await ingest.call('POST', 'start', { stream_url: nowhere });
    t.match(refused, { status: 503, body: { code: 'TOO_MANY_SESSIONS' } });
    await ingest.stop('race');
    t.ok(await ingest.start({ stream_url: nowhere }));
  });

  await t.test('a removed session is gone, and its reader too', async (t) => {
    t.match(await ingest.call('DELETE', 'sessions/door'), { status: 200 });
    t.equal((await ingest.call('GET', 'sessions/door')).status, 404);
    const { body } = await ingest.call<SessionView[]>('GET', 'sessions');
    t.notOk(body.some(({ session_id }) => session_id === 'door'));
  });

  await t.test('it describes itself', async (t) => {
    const { body } = await ingest.call<{ paths: object }>('GET', '/openapi.json');
    t.same(
      Object.keys(body.paths).sort(),
      [
        ...['alerts', 'health', 'probe', 'sessions', 'sessions/{session_id}', 'start', 'stop'].map(
          (path) => `/api/v1/video/${path}`,
        ),
        ...['detections', 'timeline'].map((of) => `/api/v1/video/sessions/{session_id}/${of}`),
        ...['/healthz', '/livez', '/readyz'],
      ].sort(),
    );
    t.match(await ingest.call('GET', '/docs/'), { status: 200, text: /swagger/i });
    t.equal((await ingest.call('GET', '/healthz')).status, 200);
  });
});

t.test('only cameras on STREAM_HOSTS are taken', async (t) => {
  await using nats = await NatsServer.start();
  await using ingest = await IngestProcess.start(nats.url, { STREAM_HOSTS: '127.0.0.1' });
  t.ok(await ingest.start({ stream_url: nowhere }));
  const answer = await ingest.call('POST', 'start', { stream_url: 'rtsp://127.0.0.1@10.0.0.1/x' });
  t.match(answer, { status: 403, body: { code: 'STREAM_HOST_NOT_ALLOWED' } });
});

t.test('credentials are in no answer, event, lease or log line', async (t) => {
  await using nats = await NatsServer.start();
  await using tap = await FrameTap.open(nats.url);
  await using ingest = await IngestProcess.start(nats.url, { LOG_LEVEL: 'trace' });
  const secret = 'hush-hush';
  const stream_url = `rtsp://joe:${secret}@127.0.0.1:${await freePort()}/cam`;
  const body = { session_id: 'cam', stream_url };
  const answers = [await ingest.call('POST', 'start', body)];
  await until('an error is told', () => tap.events.some(({ type }) => type === 'error'));
  answers.push(
    await ingest.call('POST', 'start', { ...body, fps: 3 }),
    await ingest.call('POST', 'start', { stream_url: `${stream_url} ` }),
    await ingest.call('GET', 'sessions'),
    await ingest.call('GET', 'sessions/cam'),
    await ingest.call('GET', `nothing/${encodeURIComponent(stream_url)}`),
    await ingest.stop('cam'),
  );
  t.match(answers[4]?.text, /rtsp:\/\/\*\*\*@127/, 'the URL is shown without');
  const kv = await tap.connection.jetstream().views.kv('session-state');
  const lease = (await kv.get('cam'))?.string() ?? '';
  const shown = [...answers.map(({ text }) => text), JSON.stringify(tap.events), lease];
  for (const text of [...shown, ingest.child.output]) t.notMatch(text, secret);
  await t.test('health without detectors is degraded, and says why', async (t) => {
    const began = performance.now();
    const { body } = await ingest.call<{ uptime_seconds: number }>('GET', 'health');
    t.ok(performance.now() - began < 500, 'time-boxed');
    t.match(body, { status: 'degraded', model_loaded: false, gpu_available: false });
    t.match(body, { detectors: [], reasons: ['no detector answers'] });
    t.ok(body.uptime_seconds > 0);
  });
});
