import { subjectOf, writeFrameHeaders, writeTicketHeaders } from '@framebus/contract';
import { Bus, createLogger, readSettings } from '@framebus/contract/service';
import { NatsServer, until } from '@framebus/test';
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
import t from 'tap';
import { startDetector } from '../src/detector.js';
import { settings } from '../src/settings.js';
import { height, picture, width } from './turns.js';
import { waitingModel } from './waiting-model.js';

const exporter = new tracing.InMemorySpanExporter();
const sdk = new NodeSDK({
  spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
  instrumentations: [],
});
sdk.start();
t.teardown(() => sdk.shutdown());

const jpeg = await picture();
const log = createLogger('test', 'silent');
const traceIds = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(32));
const [first = '', second = '', third = '', unsampled = ''] = traceIds;

const server = await NatsServer.start();
const config = readSettings(settings, {
  ...{ NATS_URL: server.url, DETECTOR_MODEL: 'shapes', DETECTOR_BATCH: '4' },
  DETECTOR_BATCH_WAIT_MS: '1000',
});
const bus = await Bus.open(config, 'test', log);

const spanIdOf = (traceId: string) => traceId.slice(16);
const context = (traceId: string) => `${traceId}-${spanIdOf(traceId)}`;
const parent = (traceId: string) => `00-${context(traceId)}-0${traceId === unsampled ? 0 : 1}`;

async function giveFrame(sessionId: string, frameIndex: number, traceId: string) {
  const hdrs = writeFrameHeaders({ frameIndex, capturedAt: Date.now(), width, height });
  hdrs.set('traceparent', parent(traceId));
  await bus.jetstream.publish(subjectOf('frames', sessionId), jpeg, { headers: hdrs });
}

async function giveTicket(sessionId: string, ticketIndex: number, traceId: string) {
  const hdrs = writeTicketHeaders({ ticketIndex, previousTicketIndex: 0 });
  hdrs.set('traceparent', parent(traceId));
  await bus.jetstream.publish(subjectOf('tickets', sessionId), '', { headers: hdrs });
}

const detector = await startDetector(config, log, new AbortController().signal, waitingModel(1));
/** `traceparent` of events, by their subjects. */
const parents = new Map<string, string | undefined>();
bus.connection.subscribe('detections.*', {
  callback: (_, { subject, headers }) => parents.set(subject, headers?.get('traceparent')),
});
t.teardown(async () => {
  await detector[Symbol.asyncDispose]();
  await bus[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Spans since the time before, once so many frames that are sampled are through. */
async function takeSpans(frames: number) {
  const ended = () =>
    exporter.getFinishedSpans().filter(({ name }) => name === 'detection publish').length;
  await until('frames are through', () => ended() >= frames);
  const spans = exporter.getFinishedSpans().map((span) => {
    const { traceId, spanId: id } = span.spanContext();
    const links = span.links.map(({ context }) => `${context.traceId}-${context.spanId}`);
    return { name: span.name, id, traceId, parent: span.parentSpanContext?.spanId, links };
  });
  exporter.reset();
  return spans;
}

t.test('a newer frame that takes an older one’s ticket keeps its own trace', async (t) => {
  await giveFrame('a', 1, first);
  await giveFrame('a', 2, second);
  await giveTicket('a', 1, first);
  const spans = await takeSpans(1);
  t.same(spans.map(({ name, traceId }) => [name, traceId]).sort(), [
    ['detection publish', second],
    ['frame infer', second],
    ['frame prepare', second],
  ]);
  t.match(parents.get('detections.a'), `00-${second}-`, 'which its event goes on with');
  const prepare = spans.find(({ name }) => name === 'frame prepare');
  t.same(prepare?.links, [context(first)], 'and points at the one that the ticket had');
  t.ok(spans.every((span) => span.parent === spanIdOf(second)));
});

t.test('frames of a batch share a span that points at each of them', async (t) => {
  const batched = [unsampled, first, second, third];
  await Promise.all(batched.map((traceId, i) => giveFrame(`b-${i}`, 1, traceId)));
  await Promise.all(batched.map((traceId, i) => giveTicket(`b-${i}`, 1, traceId)));
  const spans = await takeSpans(3);
  await until('the event of the other', () => parents.has('detections.b-0'));
  const [batch, ...others] = spans.filter(({ name }) => name === 'batch infer');
  t.equal(others.length, 0);
  const sampled = [second, third].map(context);
  t.same([batch?.traceId, batch?.parent, batch?.links], [first, spanIdOf(first), sampled]);
  const infer = spans.filter(({ name }) => name === 'frame infer');
  t.same(infer.map(({ traceId }) => traceId).sort(), [first, second, third]);
  for (const { links } of infer) t.same(links, [`${first}-${batch?.id}`]);
  t.match(parents.get('detections.b-0'), /-00$/, 'what is not sampled stays so');
  t.notOk(spans.some(({ traceId }) => traceId === unsampled));
});
