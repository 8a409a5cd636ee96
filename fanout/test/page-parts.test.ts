import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { NatsServer } from '@framebus/test';
import t from 'tap';
import { adviceOf, countsOf } from '../page/advice.js';
import type { Health, Session } from '../page/answers.js';
import { ApiError } from '../page/api-error.js';
import { bestGrid } from '../page/grid.js';
import { ago, speak } from '../page/language.js';
import type { FrameResult } from '../page/messages.js';
import { byName } from '../page/names.js';
import { colourOf, dashOf, inkOn } from '../page/palette.js';
import { lastErrorWords, reasonWords } from '../page/reasons.js';
import { en } from '../page/texts-en.js';
import { zh } from '../page/texts-zh.js';
import { Trail } from '../page/trail.js';
import { errorWords } from '../page/words.js';
import { start } from './start.js';

const page = new URL('../../page/', import.meta.url);
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

t.test('English and Chinese have the same texts with the same places in them', async (t) => {
  t.same(Object.keys(zh).sort(), Object.keys(en).sort());
  for (const key of Object.keys(en) as (keyof typeof en)[]) {
    t.same(placeholders(zh[key]), placeholders(en[key]), key);
    t.not(zh[key].trim(), '', key);
  }
});

t.test(
  'all words of the page come out of the tables, and all of the tables are used',
  async (t) => {
    const html = await readFile(new URL('index.html', page), 'utf8');
    const named = [...html.matchAll(/data-t(?:-[\w-]+)?="([^"]+)"/g)].map(
      ([, key]) => key as string,
    );
    t.same(
      named.filter((key) => !(key in en)),
      [],
      'each is in the table',
    );
    const body = html.slice(html.indexOf('<body')).replace(/<(script|svg|code)[\s\S]*?<\/\1>/g, '');
    const words = body.replace(/<[^>]*>/g, ' ').match(/[A-Za-z]{2,}/g) ?? [];
    t.same([...new Set(words)], ['framebus', 'px', 'docs'], 'the HTML has no other words');

    const files = (await readdir(page)).filter((name) => /^(?!texts-).*\.ts$/.test(name));
    const code = (
      await Promise.all(files.map((name) => readFile(new URL(name, page), 'utf8')))
    ).join();
    const puttogether = /^(reason|closed|drop|status|timeline)\./;
    const unused = Object.keys(en).filter((key) => {
      const base = key.replace(/\.(one|other)$/, '');
      return (
        !named.includes(key) &&
        !puttogether.test(key) &&
        !code.includes(`'${base}'`) &&
        !code.includes(`'${key}'`)
      );
    });
    t.same(unused, []);
  },
);

t.test('tiles are as large as fit, whatever their number', async (t) => {
  const columns = (count: number, width = 1400, height = 800) =>
    bestGrid(count, width, height, 12).columns;
  t.same(
    [1, 2, 4, 9, 16].map((count) => columns(count)),
    [1, 2, 2, 3, 4],
  );
  for (const count of [1, 2, 3, 5, 7, 12, 16]) {
    const { columns, width } = bestGrid(count, 1400, 800, 12);
    const rows = Math.ceil(count / columns);
    t.ok(columns * width + (columns - 1) * 12 <= 1400, `${count} fit across`);
    t.ok(rows * ((width * 9) / 16 + 36) + (rows - 1) * 12 <= 801, `${count} fit down`);
  }
  t.same(bestGrid(4, 366, 600, 12), { columns: 1, width: 366 }, 'a phone scrolls');
});

t.test(
  'a trail is four seconds long, at most 60 results, and begins anew with a replay',
  async (t) => {
    const trail = new Trail();
    const push = (captured_at: number) =>
      trail.push({ captured_at, frame_index: captured_at } as FrameResult);
    const times = () => trail.results.map(({ captured_at }) => captured_at);
    for (let at = 0; at <= 8_000; at += 500) push(at);
    t.same(times(), [4_000, 4_500, 5_000, 5_500, 6_000, 6_500, 7_000, 7_500, 8_000]);
    push(8_000);
    t.equal(times().length, 9, 'the same frame again is no other place');
    push(3_000);
    t.same(times(), [3_000]);
    for (let at = 3_001; at <= 3_100; at += 1) push(at);
    t.same([times().length, times()[0]], [60, 3_041]);
  },
);

t.test('what is wrong is said with what to do', async (t) => {
  const detector = { id: 'd1', model: 'm', provider: 'cpu', age_ms: 80, frames: 500, dropped: {} };
  const health: Health = {
    ...{ status: 'healthy', model_loaded: true, gpu_available: false, uptime_seconds: 9 },
    ...{ detectors: [detector], queue: { waiting: 0, oldest_ms: 0 }, reasons: [] },
  };
  const session = (more: Partial<Session>) => ({
    ...{ session_id: 'yard', status: 'running' as const, frame_count: 1_000, fps: 10 },
    ...{ stream_url: 'rtsp://camera/1', drops: {}, wantedFps: 10 },
    ...more,
  });
  const advice = (
    more: Partial<Health>,
    sessions: Partial<Session>[] = [{}],
    before: Partial<Session> = {},
  ) => adviceOf({ ...health, ...more }, sessions.map(session), countsOf(health, [session(before)]));

  t.same(advice({}), []);
  t.match(adviceOf(null, []), [/does not answer/]);
  t.match(advice({ reasons: ['NATS cannot be reached'] }), [/look at nats-server/]);
  t.match(advice({ detectors: [] }), [/No detector answers.*Start one/]);
  t.match(advice({ queue: { waiting: 3, oldest_ms: 4_000 } }), [/wait 4000 ms.*more detectors/]);
  t.match(advice({ detectors: [{ ...detector, age_ms: 5_000 }] }), [/5000 ms old/]);
  const behind = [{ frame_count: 2_000, drops: { coalesced: 600 } }];
  t.match(advice({}, behind, { drops: { coalesced: 0 } }), [/60 % of the frames/]);
  t.same(advice({}, behind, { frame_count: 1_900, drops: { coalesced: 600 } }), [], 'not of late');
  const lost = { status: 'reconnecting', last_error: 'nothing listens there' } as const;
  t.match(advice({}, [lost]), [/yard gives no picture: nothing listens there/]);
  const named = { ...lost, name: 'Front yard' };
  t.match(advice({}, [named]), [/Camera Front yard gives no picture/], 'by its name');
  t.match(advice({}, [{ fps: 2 }]), [/2.0 frames per second of 10 wanted/]);
});

t.test('what went wrong is said by its code, in the language of the page', async (t) => {
  t.teardown(() => speak('en'));
  const frozen = {
    code: 'CAMERA_FROZEN',
    message: 'no picture for 10 s',
    details: { seconds: 10 },
  };
  const host = {
    message: 'no',
    code: 'STREAM_HOST_NOT_ALLOWED',
    details: { why: 'host', host: 'a' },
  };
  const odd = { message: 'a reason of a later version', code: 'CAMERA_ODD', details: { why: 'x' } };
  const session = {
    ...{ session_id: 'yard', status: 'running' as const, frame_count: 1, stream_url: 'rtsp://a' },
    ...{ last_error: 'no picture for 10 s', last_error_code: 'CAMERA_FROZEN' },
    ...{ last_error_details: { seconds: 10 }, last_error_at: 1_000 },
  };
  t.equal(reasonWords(frozen), 'The camera sent no picture for 10 s.');
  t.equal(
    lastErrorWords(session, 1_190_000),
    '3 minutes ago: The camera sent no picture for 10 s.',
  );
  t.equal(lastErrorWords({ ...session, last_error: null }), 'none');
  speak('zh');
  t.equal(reasonWords(frozen), '摄像头已有 10 秒没有发送画面。');
  t.equal(lastErrorWords(session, 1_190_000), '3分钟前：摄像头已有 10 秒没有发送画面。');
  t.match(reasonWords(host), /不允许主机 a/);
  t.match(errorWords(new ApiError('no', 403, 0, host)), /不允许主机 a/, 'not the key is wrong');
  t.match(errorWords(new ApiError('no', 403)), /密钥/);
  t.match(
    errorWords(new ApiError('An invalid response', 502)),
    /^[^a-z]*framebus[^a-z]*502[^a-z]*$/,
  );
  t.equal(reasonWords(odd), odd.message, 'a code that is not known is told as it came');
  t.equal(reasonWords({ ...frozen, details: {} }), frozen.message, 'and one without its values');
  t.equal(reasonWords({ message: 'of an earlier version' }), 'of an earlier version');
});

t.test('the page has words for each code of ingest', async (t) => {
  const ingest = new URL('../../../ingest/src/', import.meta.url);
  const files = await readdir(ingest, { recursive: true });
  const sources = await Promise.all(
    files
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFile(new URL(name, ingest), 'utf8')),
  );
  const source = sources.join('\n');
  const codes = ['CameraError\\(\\s*', '/i?,\\s*', 'readonly code = ', '\\bcode: ']
    .flatMap((before) => [...source.matchAll(new RegExp(`${before}'([A-Z_]+)'`, 'g'))])
    .map(([, code]) => code as string);
  const sameAsOthers = ['STREAM_NOT_ALLOWED', 'STREAM_HOST_NOT_ALLOWED'];
  const inside = ['FRAMECRC_INVALID', 'JPEG_INVALID', 'CAMERA_OTHER_CODEC', 'ROUTE_NOT_FOUND'];
  const apart = [...sameAsOthers, ...inside, 'FAILED'];
  const known = Object.keys(en).join();
  t.ok(codes.includes('CAMERA_REFUSED') && codes.includes('CAMERA_FROZEN'), 'they were found');
  t.same(
    [...new Set(codes)].filter(
      (code) => !apart.includes(code) && !known.includes(`reason.${code}`),
    ),
    [],
  );
});

t.test('cameras come in the order of their names, as people sort names', async (t) => {
  t.teardown(() => speak('en'));
  const order = (...cameras: [id: string, name?: string][]) =>
    cameras
      .map(([session_id, name = null]) => ({ session_id, name }))
      .sort(byName)
      .map(({ session_id }) => session_id);
  t.same(order(['cam-10'], ['cam-2'], ['a', 'Zoo'], ['z', 'Älpli']), ['z', 'cam-2', 'cam-10', 'a']);
  t.same(order(['b', 'Door'], ['a', 'Door']), ['a', 'b'], 'those of one name by id');
  speak('zh');
  t.same(order(['1', '北门'], ['2', '安检']), ['2', '1'], 'Chinese ones by pinyin');
});

t.test('how long ago something was is told in whole units', async (t) => {
  const words = [0, 12_400, 119_000, 3_600_000, 200_000_000].map(ago);
  const days = ['now', '12 seconds ago', '1 minute ago', '1 hour ago', '2 days ago'];
  t.same(words, days);
});

t.test(
  'a class has a colour of its own, a dash where colours come again, and ink that reads',
  async (t) => {
    const looks = Array.from({ length: 24 }, (_, id) => `${colourOf(id)} ${dashOf(id)}`);
    t.equal(new Set(looks).size, 24);
    t.equal(inkOn('#f0e442'), '#000000');
    t.equal(inkOn('#0072b2'), '#ffffff');
  },
);

t.test('the first load is under 150 KB compressed', async (t) => {
  await using nats = await NatsServer.start();
  await using fanout = await start(nats);
  const seen = new Set<string>();
  const load = async (path: string): Promise<number> => {
    if (seen.has(path)) return 0;
    seen.add(path);
    const response = await fetch(fanout.url + path);
    t.equal(response.status, 200, path);
    const text = await response.text();
    const more =
      path === '/'
        ? [...text.matchAll(/(?:href|src)="(\/[\w.-]+\.\w+)"/g)].map(([, file = '']) => file)
        : [...text.matchAll(/(?:^|\n)import[^'"]*['"]\.\/([\w./-]+)['"]/g)].map(
            ([, file]) => `/${file}`,
          );
    const sizes = await Promise.all(more.map(load));
    return gzipSync(text).length + sizes.reduce((sum, size) => sum + size, 0);
  };
  const bytes = (await load('/')) + (await load('/decode-worker.js'));
  t.comment(`${seen.size} files, ${Math.round(bytes / 1024)} KiB compressed`);
  t.ok(seen.has('/vendor/msgpackr.js') && seen.has('/texts-zh.js'), 'all were found');
  t.ok(bytes < 150 * 1000, `${bytes} bytes`);
});
