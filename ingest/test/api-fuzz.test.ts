import { connect } from 'node:net';
import { type Fuzz, fuzzCases, NatsServer, runCases } from '@framebus/test';
import t from 'tap';
import { IngestProcess } from './ingest-process.js';

const cases = fuzzCases(80);
const video = '/api/v1/video';
/** No camera answers there. */
const start = {
  ...{ stream_url: 'rtsp://127.0.0.1:9/x', session_id: 'fuzzed', enable_drawing: true, fps: 10 },
  ...{ max_width: 800, jpeg_quality: 70, confidence_threshold: 0.5, classes: ['a'] },
};

/** A request as bytes, right or spoilt. */
function requestOf(fuzz: Fuzz): Buffer {
  const [method, path, json] = fuzz.pick([
    ['POST', `${video}/start`, start],
    ['POST', `${video}/stop`, { session_id: 'fuzzed' }],
    ['POST', `${video}/probe`, { stream_url: 'rtsp://[' }],
    ['GET', `${video}/sessions`, undefined],
    ['GET', `${video}/sessions/${encodeURIComponent(fuzz.wholeText())}`, undefined],
    ['DELETE', `${video}/sessions/fuzzed`, undefined],
    ['GET', `${video}/sessions/fuzzed/detections?since=${fuzz.below(9)}&limit=5`, undefined],
    ['GET', '/openapi.json', undefined],
    ['GET', `/docs/static/${fuzz.pick(['..%2f..%2fpackage.json', '%', 'x'])}`, undefined],
  ] as const);
  const spoiltJson = json === undefined ? undefined : fuzz.spoiltJson(json);
  const body = Buffer.from(json === undefined ? '' : (JSON.stringify(spoiltJson) ?? ''));
  const type = fuzz.pick(['application/json', 'application/json', 'text/plain', fuzz.text()]);
  const head = [
    `${method} ${path} HTTP/1.1`,
    ...['Host: x', 'Connection: close', `Content-Length: ${body.length}`],
    ...(body.length > 0 ? [`Content-Type: ${type.replace(/[\r\n\0]/g, '')}`] : []),
  ];
  const bytes = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
  return fuzz.below(4) === 0 ? fuzz.spoilt(bytes, 3) : bytes;
}

/** Everything that is answered until the connection ends. */
function exchange(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1' });
    socket.setTimeout(30_000, () => reject(new Error('no answer within 30 s')));
    socket.on('error', () => {});
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => {
      socket.setTimeout(0);
      resolve(Buffer.concat(chunks).toString('latin1'));
    });
    // A half-closed connection: what is incomplete is over.
    socket.end(bytes);
  });
}

t.test(`${cases} calls of the control API are answered without a stack or a 500`, async (t) => {
  await using nats = await NatsServer.start();
  await using ingest = await IngestProcess.start(nats.url, { LOG_LEVEL: 'error' });
  const port = Number(new URL(ingest.url).port);
  const statuses = new Map<string, number>();
  await runCases(cases, async (fuzz) => {
    const answer = await exchange(port, requestOf(fuzz));
    const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'none';
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status === '500') throw new Error(answer);
    if (/\n\s+at |node_modules|\.js:\d+/.test(answer) && !/^.*\n.*openapi/.test(answer)) {
      if (!answer.includes('"openapi"')) throw new Error(`a stack: ${answer.slice(0, 2_000)}`);
    }
  });
  t.ok((statuses.get('200') ?? 0) > 0 && (statuses.get('400') ?? 0) > 0, [...statuses].join(' '));
  t.notMatch(ingest.child.output, /call failed|uncaught|unhandled/i);
  t.equal((await ingest.call('GET', '/readyz')).status, 200, 'it is still ready');
  t.match((await ingest.call('GET', 'sessions')).status, 200);
});
