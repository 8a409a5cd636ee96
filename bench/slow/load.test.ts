import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { subjectOf, writeFrameHeaders, writeTicketHeaders } from '@framebus/contract';
import { freePort, publishFile, Stack, until, type Viewer, videoKey } from '@framebus/test';
import sharp from 'sharp';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import { Drain } from '../src/viewers/drain.js';

const otherKey = 'other-key';
const sessions = 500;
const viewers = 2_000;
const calls = 100_000;
const callers = 64;
const bodyBytes = 100 * 1024 * 1024;
const patience = { timeoutMs: 90_000, everyMs: 200 };

const stack = await Stack.start({
  detectorEnv: { DETECTOR_MODEL: 'shapes' },
  gatewayEnv: { VIDEO_API_KEY: `${videoKey},${otherKey}` },
});
const camera = await publishFile(stack.rtspUrl('camera'));
await stack.startSession('camera', stack.rtspUrl('camera'), { fps: 5 });
const viewer: Viewer = await stack.view('camera', 'json', 'frames=none');
t.teardown(async () => {
  await viewer[Symbol.asyncDispose]();
  await camera[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

/** The viewer of the camera gets new results, and is told of no end. */
async function goesOn(t: Test): Promise<void> {
  const before = viewer.of('frame_result').length;
  const more = () => viewer.of('frame_result').length >= before + 5;
  await t.resolves(until('results go on', more, patience));
  t.equal(viewer.closed, undefined);
}

t.test('a body of 100 MB is refused in words before it is read', async (t) => {
  for (const url of [stack.url, stack.ingestUrl]) {
    const { status, text, sentBytes } = await sendBody(`${url}/api/v1/video/start`);
    t.equal(status, 413);
    t.match(text, /large|exceed|limit/i);
    t.ok(sentBytes < bodyBytes / 2, `${sentBytes} bytes were sent`);
  }
  await goesOn(t);
});

t.test('a picture of over 40 megapixels is dropped and counted', async (t) => {
  const jpeg = await sharp({
    create: { width: 8_200, height: 5_000, channels: 3, background: 'grey' },
    limitInputPixels: false,
  })
    .jpeg()
    .toBuffer();
  const frame = { frameIndex: 1, capturedAt: Date.now(), width: 8_200, height: 5_000 };
  const { jetstream } = stack.bus;
  await jetstream.publish(subjectOf('frames', 'huge'), jpeg, { headers: writeFrameHeaders(frame) });
  const ticket = { ticketIndex: 1, previousTicketIndex: 0 };
  await jetstream.publish(subjectOf('tickets', 'huge'), '', {
    headers: writeTicketHeaders(ticket),
  });
  const dropped = await until('the detector counts it', async () => {
    const { body } = await stack.call<Health>('GET', '/api/v1/video/health');
    const { dropped } = body.detectors[0] ?? {};
    return dropped?.undecodable === 1 ? dropped : undefined;
  });
  t.equal(dropped.undecodable, 1);
  await goesOn(t);
});

t.test(`of ${sessions + 5} sessions ${sessions} are taken`, async (t) => {
  const nobody = await freePort();
  const answers = new Map<string, number>();
  for (let i = 0; i < sessions + 5; i++) {
    const stream_url = `rtsp://127.0.0.1:${nobody}/${i}`;
    const { status, text } = await call(stack.ingestUrl, { session_id: `many-${i}`, stream_url });
    const answer = status === 200 ? '200' : `${status} ${JSON.parse(text).code}`;
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
  // The camera's own is one of them.
  t.same(Object.fromEntries(answers), { 200: sessions - 1, '503 TOO_MANY_SESSIONS': 6 });
  await goesOn(t);
});

t.test(`${viewers} viewers are served, and no more`, async (t) => {
  const url = `${stack.fanoutUrl}/ws/stream/camera?frames=none`;
  await using drain = await Drain.start(url, viewers - 1, 'json');
  // The last of them may not have been let in yet.
  const more = await until('one is refused', () => refusalOf(url.replace('http', 'ws')), patience);
  t.equal(more.status, 503);
  t.match(more.text, /TOO_MANY_VIEWERS/);
  t.ok(more.retryAfter > 0);
  const before = drain.newest?.bytes ?? 0;
  await until('all get more', () => (drain.newest?.bytes ?? 0) - before > 200 * viewers, patience);
  await goesOn(t);
});

t.test(`${calls} start calls of a key are slowed, those of another are not`, async (t) => {
  const agent = new Agent({ keepAlive: true, maxSockets: callers });
  const counts = new Map<number, number>();
  let left = calls;
  let worstMs = 0;
  const caller = async () => {
    while (left-- > 0) {
      const body = { session_id: 'camera', stream_url: stack.rtspUrl('camera') };
      const { status } = await call(stack.url, body, otherKey, agent);
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
  };
  const calling = Promise.all(Array.from({ length: callers }, caller));
  let done = false;
  void calling.then(() => {
    done = true;
  });
  while (!done) {
    const began = performance.now();
    const { status } = await stack.call('GET', '/api/v1/video/sessions');
    if (status !== 200) t.fail(`a call of another key: ${status}`);
    worstMs = Math.max(worstMs, performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
  }
  await calling;
  agent.destroy();
  t.comment(`${JSON.stringify([...counts])}; slowest call beside them ${worstMs.toFixed(0)} ms`);
  t.equal(
    [...counts.values()].reduce((sum, count) => sum + count, 0),
    calls,
    'each is answered',
  );
  t.ok((counts.get(429) ?? 0) > 0.9 * calls, 'most are told to come later');
  t.same(
    [...counts.keys()].filter((status) => status >= 500),
    [],
  );
  await goesOn(t);
});

interface Health {
  readonly detectors: readonly { readonly dropped?: Readonly<Record<string, number>> }[];
}

/** Posts 100 MB until there is an answer. */
function sendBody(url: string): Promise<{ status: number; text: string; sentBytes: number }> {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunk = Buffer.alloc(65_536, 0x20);
  let sentBytes = 0;
  let answer = '';
  return new Promise((resolve, reject) => {
    socket.on('error', (error) => (answer === '' ? reject(error) : undefined));
    socket.on('data', (data: Buffer) => {
      answer += data.toString();
    });
    socket.on('close', () =>
      resolve({ status: Number(answer.split(' ')[1]), text: answer, sentBytes }),
    );
    // Paced: a server that closes while bytes are under way resets the connection, and its answer may be lost.
    const more = () => {
      if (socket.destroyed) return;
      if (answer !== '' || sentBytes >= bodyBytes) return void setTimeout(() => socket.end(), 500);
      sentBytes += chunk.length;
      socket.write(chunk, () => setTimeout(more, 2));
    };
    socket.on('connect', () => {
      const head = [
        `POST ${pathname} HTTP/1.1`,
        `Host: ${hostname}`,
        `apikey: ${videoKey}`,
        'Content-Type: application/json',
        `Content-Length: ${bodyBytes}`,
      ];
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      more();
    });
  });
}

/** Starts a session; the answer as it is. */
function call(base: string, body: object, key: string = videoKey, agent?: Agent) {
  const { hostname, port } = new URL(base);
  const text = JSON.stringify(body);
  const headers = {
    apikey: key,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  };
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const path = '/api/v1/video/start';
    const sent = request({ hostname, port, path, method: 'POST', headers, agent }, (response) => {
      textOf(response).then(
        (answer) => resolve({ status: response.statusCode ?? 0, text: answer }),
        reject,
      );
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return text;
}

/** undefined: it was let in. */
function refusalOf(url: string) {
  type Refusal = { status: number; text: string; retryAfter: number };
  return new Promise<Refusal | undefined>((resolve, reject) => {
    const socket = new WebSocket(url, 'json');
    socket.on('error', () => {});
    socket.on('open', () => {
      socket.terminate();
      resolve(undefined);
    });
    socket.on('unexpected-response', (_, response) => {
      const retryAfter = Number(response.headers['retry-after']);
      textOf(response).then(
        (text) => resolve({ status: response.statusCode ?? 0, text, retryAfter }),
        reject,
      );
    });
  });
}
