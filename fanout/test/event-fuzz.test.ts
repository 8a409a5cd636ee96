import { MalformedMessageError, readFrame, readTicket } from '@framebus/contract';
import { readTrace } from '@framebus/contract/service';
import { type Fuzz, fuzzCases, runCases } from '@framebus/test';
import { headers } from 'nats';
import sharp from 'sharp';
import t from 'tap';
import { annotate } from '../src/annotate.js';
import { Labels } from '../src/labels.js';
import { readAlertEvent, readDetectionEvent, readStatusEvent } from '../src/read-event.js';
import { Refusal } from '../src/refusal.js';
import { readStreamRequest } from '../src/stream-request.js';

const detection = { class_id: 1, class_name: 'red object', confidence: 0.9, bbox: [1, 2, 30, 40] };
const common = { session_id: 'cam', frame_index: 7, captured_at: 1_700_000_000_000 };
const events = [
  {
    ...{ ...common, width: 640, height: 480, detections: [detection, detection] },
    ...{ inference_ms: 3, detector: 'd', ticket_index: 7, previous_ticket_index: 6 },
    ...{ delivery_seq: 9, delivery_epoch: 1 },
  },
  { ...common, ...detection },
  { type: 'status', session_id: 'cam', timestamp: 1, status: 'running', message: 'm' },
  {
    ...{ type: 'status', session_id: 'cam', timestamp: 1, status: 'reconnecting', message: 'm' },
    ...{ code: 'CAMERA_FROZEN', details: { seconds: 10 }, retry_s: 2 },
  },
  { type: 'stream_info', session_id: 'cam', timestamp: 1, info: { width: 1, height: 1, fps: 1 } },
];
const readers = [readDetectionEvent, readAlertEvent, readStatusEvent];

/** Whether `read` took it. Errors of any other class are thrown on. */
function takes(read: () => unknown, refusal: new (...args: never) => Error): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof refusal) return false;
    throw error;
  }
}

function headersOf(fuzz: Fuzz) {
  const hdrs = headers();
  for (const name of ['Frame-Index', 'Captured-At', 'Width', 'Height', 'traceparent']) {
    if (fuzz.below(6) === 0) continue;
    const value = fuzz.below(3) === 0 ? fuzz.text() : String(fuzz.json(0));
    hdrs.set(name, fuzz.below(2) === 0 ? '12' : value.replace(/[\r\n]/g, ' '));
  }
  return hdrs;
}

const eventCases = fuzzCases(400);
t.test(`${eventCases} spoilt events and headers are taken or malformed`, async (t) => {
  let taken = 0;
  const grown = await runCases(eventCases, (fuzz) => {
    const event = fuzz.pick(events);
    const json = JSON.stringify(fuzz.below(2) === 0 ? fuzz.spoiltJson(event) : event);
    const bytes = Buffer.from(json ?? '');
    const data = fuzz.below(3) === 0 ? fuzz.spoilt(bytes) : bytes;
    const subject = fuzz.below(4) === 0 ? `detections.${fuzz.text()}` : 'detections.cam';
    for (const read of readers) {
      if (takes(() => read({ subject, data }), MalformedMessageError)) taken += 1;
    }
    const hdrs = fuzz.below(20) === 0 ? undefined : headersOf(fuzz);
    takes(() => readFrame({ headers: hdrs, data }), MalformedMessageError);
    takes(() => readTicket(hdrs), MalformedMessageError);
    readTrace(hdrs);
  });
  t.ok(taken > eventCases / 20 && taken < eventCases * 2, `${taken} taken`);
  t.ok(grown < 8 * 1024 * 1024, `memory grew by ${grown} bytes`);
});

const targetCases = fuzzCases(400);
t.test(`${targetCases} requests for streams are understood or refused`, async (t) => {
  await runCases(targetCases, (fuzz) => {
    const id = fuzz.below(2) === 0 ? 'cam' : fuzz.text();
    const query = [`frames=${fuzz.pick(['none', fuzz.text()])}`, `since=${String(fuzz.json(0))}`];
    const target = `/ws/stream/${id}?${query.slice(fuzz.below(3)).join('&')}`;
    const protocols = fuzz.below(3) === 0 ? fuzz.text() : fuzz.pick([undefined, 'json', 'msgpack']);
    takes(() => readStreamRequest(fuzz.below(9) === 0 ? fuzz.text() : target, protocols), Refusal);
  });
  t.pass();
});

const pictureCases = fuzzCases(20);
t.test(`${pictureCases} spoilt JPEGs are drawn upon or refused`, async (t) => {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const jpeg = await sharp({
    create: { width: 160, height: 120, channels: 3, background: '#888', noise },
  })
    .jpeg()
    .toBuffer();
  const labels = new Labels();
  let drawn = 0;
  const grown = await runCases(pictureCases, async (fuzz) => {
    const edges = [0, -1e9, 1e9, 3, 0.5, 159, 2 ** 31];
    const bbox = [0, 0, 0, 0].map(() => fuzz.pick(edges)) as [number, number, number, number];
    const boxes = [{ class_id: fuzz.below(100), class_name: fuzz.text(), confidence: 0.5, bbox }];
    await annotate(fuzz.spoilt(jpeg), boxes, labels).then(
      () => {
        drawn += 1;
      },
      (error) => {
        if (!(error instanceof Error)) throw error;
      },
    );
  });
  t.ok(drawn < pictureCases, `${drawn} drawn`);
  t.ok(labels.size <= 1024);
  t.ok(grown < 32 * 1024 * 1024, `memory grew by ${grown} bytes`);
});
