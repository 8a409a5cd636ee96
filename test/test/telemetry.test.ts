import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  freePort,
  NatsServer,
  publishTestPicture,
  repositoryFile,
  startNode,
  startService,
  until,
  Viewer,
} from '@framebus/test';
import t from 'tap';

interface Span {
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly service: string;
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly { key: string; value: { stringValue?: string } }[];
    };
    readonly scopeSpans: readonly { readonly spans: readonly Omit<Span, 'service'>[] }[];
  }[];
}

function spansOf({ resourceSpans }: Export): Span[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const name = resource.attributes.find(({ key }) => key === 'service.name');
    const service = name?.value.stringValue ?? '';
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service })));
  });
}

t.test('a frame is one trace from its capture to its viewers', async (t) => {
  const spans: Span[] = [];
  const collector = createServer(async (request, response) => {
    if (request.url === '/v1/traces') spans.push(...spansOf(JSON.parse(await text(request))));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  t.teardown(() => collector.close());
  await using nats = await NatsServer.start();
  const ports = [await freePort(), await freePort(), await freePort()] as const;
  const [rtspPort, ingestPort, fanoutPort] = ports;
  const env = (name: string) => ({
    NATS_URL: nats.url,
    INGEST_PORT: `${ingestPort}`,
    FANOUT_PORT: `${fanoutPort}`,
    OTEL_SERVICE_NAME: name,
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_BSP_SCHEDULE_DELAY: '200',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
  });
  const sdk = [repositoryFile('contract/dist/src/service/telemetry.js')];
  const relay = repositoryFile('compose/dist/src/relay/main.js');
  await using _relay = await startNode(relay, { RTSP_PORT: `${rtspPort}` });
  await using ingest = await startService('ingest', env('ingest'), sdk);
  await using detector = await startService('detector', env('detector'), sdk);
  await using fanout = await startService('fanout', env('fanout'), sdk);
  for (const service of [ingest, detector, fanout]) {
    await until('a service is ready', () => service.output.includes('"ready"'));
  }
  const stream_url = `rtsp://127.0.0.1:${rtspPort}/a`;
  await using _camera = await publishTestPicture(stream_url, 5);
  await fetch(`http://127.0.0.1:${ingestPort}/api/v1/video/start`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ session_id: 'a', stream_url }),
  });
  await using _viewer = await Viewer.open(`ws://127.0.0.1:${fanoutPort}/ws/stream/a`);

  const steps = [
    'ingest: frame publish',
    'detector: frame prepare',
    'detector: frame infer',
    'detector: detection publish',
    'fanout: detection send',
  ];
  const whole = await until(
    'a whole trace',
    () => {
      const traces = new Map<string, Span[]>();
      for (const span of spans) {
        traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), span]);
      }
      return [...traces.values()].find((trace) => trace.length >= steps.length);
    },
    { timeoutMs: 60_000 },
  );
  t.same(whole.map(({ service, name }) => `${service}: ${name}`).sort(), steps.toSorted());
  t.equal(whole.filter((span) => !span.parentSpanId).length, 1, 'the capture is its root');
});
