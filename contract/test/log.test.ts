import { execFile } from 'node:child_process';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { headers } from 'nats';
import t from 'tap';
import { createLogger, readTrace, traceIds } from '../src/service/index.js';
import { LogLimit } from '../src/service/log-limit.js';

function printed() {
  let text = '';
  const to = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  return { to, text: () => text, lines: () => text.trim().split('\n') };
}

t.test('a cause that comes again is told once a second, with how often it came', async (t) => {
  const { to, lines } = printed();
  const log = createLogger('test', 'info', 'json', to);
  for (let i = 0; i < 100; i++) log.warn({ session_id: 'a', reason: 'lost' }, 'frame dropped');
  log.warn({ session_id: 'a', reason: 'failed' }, 'frame dropped');
  log.warn({ session_id: 'b', reason: 'lost' }, 'frame dropped');
  for (let i = 0; i < 3; i++) log.error({ err: new Error(`call ${i}`) }, 'call failed');
  for (let i = 0; i < 3; i++) log.info('stopping');
  const told = lines().map((line) => JSON.parse(line));
  t.same(
    told.map(({ msg, session_id, reason }) => [msg, session_id, reason].join(' ').trim()),
    [
      ...['frame dropped a lost', 'frame dropped a failed', 'frame dropped b lost'],
      ...['call failed', 'stopping', 'stopping', 'stopping'],
    ],
  );
  t.match(told[0], { service: 'test', level: 40 });
});

t.test('what was left out is counted, and causes are bounded', async (t) => {
  const limit = new LogLimit();
  t.equal(limit.pass('dropped', 'a', 0), 0);
  t.equal(limit.pass('dropped', 'a', 999), undefined);
  t.equal(limit.pass('dropped', 'a', 999), undefined);
  t.equal(limit.pass('dropped', 'a', 1_000), 2);
  t.equal(limit.pass('dropped', 'a', 2_000), 0);
  let told = 0;
  for (let i = 0; i < 5_000; i++) told += limit.pass('lost', `${i}`, 5_000) === undefined ? 0 : 1;
  t.equal(told, 20, 'lines of 5,000 causes at once');
});

t.test('lines for people are words, without JSON', async (t) => {
  const { to, text } = printed();
  createLogger('ingest', 'info', 'pretty', to).warn({ code: 'CAMERA_REFUSED' }, 'camera failed');
  t.match(
    text(),
    /^\[\d\d:\d\d:\d\d\.\d{3}\] WARN: ingest: camera failed \{"code":"CAMERA_REFUSED"\}\n$/,
  );
});

t.test('a terminal gets lines for people, a pipe JSON', async (t) => {
  const log = new URL('../src/service/log.js', import.meta.url).href;
  const script = `import { createLogger } from '${log}'; createLogger('a', 'info').info('ready')`;
  const node = [process.execPath, '--input-type=module', '--eval', script];
  const run = promisify(execFile);
  const piped = await run(node[0] ?? '', node.slice(1));
  t.match(JSON.parse(piped.stdout), { service: 'a', msg: 'ready' });
  // util-linux's script gives a terminal.
  const shell = node.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const shown = await run('script', ['-qec', shell, '/dev/null']).catch(() => undefined);
  if (shown === undefined) return t.comment('NOT RUN: there is no script');
  t.match(shown.stdout, /INFO.*a: ready/);
  t.notMatch(shown.stdout, '"msg"');
});

t.test('a line tells the trace that it belongs to', async (t) => {
  const parent = headers();
  parent.set('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  t.same(traceIds(readTrace(parent)), {}, 'not without an SDK');
  const sdk = new NodeSDK({ instrumentations: [], spanProcessors: [] });
  sdk.start();
  t.teardown(() => sdk.shutdown());
  t.same(traceIds(readTrace(parent)), {
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    span_id: 'b7ad6b7169203331',
    trace_flags: '01',
  });
  t.same(traceIds(readTrace(undefined)), {}, 'nor without a trace');
});
