import { type DetectionEvent, streamConfigs } from '@framebus/contract';
import { Bus, createLogger } from '@framebus/contract/service';
import {
  grows,
  NatsCluster,
  NatsServer,
  natsLogin,
  natsLoginEnv,
  publishFile,
  Stack,
  until,
  type Viewer,
} from '@framebus/test';
import { StringCodec } from 'nats';
import t from 'tap';
import { demoPictures, Feed } from '../feed.js';
import { NatsClient } from '../nats-client.js';

const log = createLogger('test', 'silent');
const replicas = { NATS_REPLICAS: '3' };
const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, 1_000 * count));

interface Counted {
  readonly frames: number;
  readonly dropped: Readonly<Record<string, number>>;
}

/** The pipeline on a cluster; the first node is disposed of with the stack. */
async function clusterStack(cluster: NatsCluster, detectors: number): Promise<Stack> {
  const [nats] = cluster.nodes;
  return Stack.start({
    ...(nats && { nats }),
    natsUrl: cluster.url,
    natsEnv: (service) => ({ ...natsLoginEnv(service), ...replicas }),
    busConfig: { ...natsLogin('ingest'), natsReplicas: 3 },
    busDeclares: ['streams'],
    detectors,
  });
}

async function leaderOf(stack: Stack, stream: string): Promise<string> {
  const manager = await stack.bus.connection.jetstreamManager({ checkAPI: false });
  const { cluster } = await manager.streams.info(stream);
  return cluster?.leader ?? '';
}

/** Whether all streams have three replicas that have caught up: the cluster bears the loss of any node. */
async function isWhole(stack: Stack): Promise<boolean> {
  const manager = await stack.bus.connection.jetstreamManager({ checkAPI: false });
  const infos = await Promise.all(streamConfigs(3).map(({ name }) => manager.streams.info(name)));
  return infos.every(({ cluster }) => {
    const followers = cluster?.replicas ?? [];
    return followers.length === 2 && followers.every((one) => one.current && !one.offline);
  });
}

/** Every event of the stream DETECTIONS for a session, in order of storage. */
async function storedEvents(stack: Stack, sessionId: string): Promise<DetectionEvent[]> {
  const events: DetectionEvent[] = [];
  const manager = await stack.bus.connection.jetstreamManager({ checkAPI: false });
  const { state } = await manager.streams.info('DETECTIONS');
  const codec = StringCodec();
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    const message = await manager.streams.getMessage('DETECTIONS', { seq });
    if (message.subject !== `detections.${sessionId}`) continue;
    events.push(JSON.parse(codec.decode(message.data)) as DetectionEvent);
  }
  return events;
}

t.test(
  'a cluster goes on when the leader of the streams is killed, and takes it back',
  async (t) => {
    const pictures = await demoPictures(20);
    await using cluster = await NatsCluster.start();
    await using stack = await clusterStack(cluster, 2);
    await using _camera = await publishFile(stack.rtspUrl('a'));
    await stack.startSession('a', stack.rtspUrl('a'));
    using _feed = new Feed(stack.bus, 3, 5, pictures);
    const ids = ['a', 'camera-1', 'camera-2', 'camera-3'];
    const viewers: Viewer[] = [];
    for (const id of ids) viewers.push(await stack.view(id, 'json', 'frames=none'));
    const last = () => viewers.map((viewer) => viewer.frameIndexes.length);
    const flows = async (what: string) => {
      const before = last();
      await until(what, () => last().every((count, i) => count > (before[i] ?? 0) + 5), {
        timeoutMs: 60_000,
      });
    };
    await flows('results of all cameras');

    const old = stack.bus.connection.info?.version.startsWith('2.9.') ?? false;
    for (const stream of old ? ['DETECTIONS'] : ['DETECTIONS', 'TICKETS']) {
      const name = await leaderOf(stack, stream);
      const killedAt = performance.now();
      await cluster.node(name).kill();
      await flows(`results without ${name}, which led ${stream}`);
      const tookMs = Math.round(performance.now() - killedAt);
      t.comment(`${name} led ${stream}: six more results of each camera after ${tookMs} ms`);
      t.ok(tookMs < 20_000, `${tookMs} ms`);
      await cluster.node(name).up();
      await until(`${name} has caught up`, () => isWhole(stack), { timeoutMs: 60_000 });
      await flows(`results with ${name} again`);
    }

    if (old) {
      // Seen on 2.9.10: with a restarted node as its leader, the consumer delivers none of the tickets that come in.
      t.pass('the loss of a second node, after the first is back', { skip: 'nats-server 2.9' });
    }

    await using client = await NatsClient.open(stack.nats, 'cli');
    const stats: Counted[] = [];
    for await (const { endpoints } of await client.connection.services.client().stats('detector')) {
      stats.push(endpoints?.[0]?.data as Counted);
    }
    t.equal(stats.length, 2, 'both detectors live on');
    for (const { frames, dropped } of stats) {
      t.comment(`a detector: ${frames} frames, dropped ${JSON.stringify(dropped)}`);
      t.equal(dropped.lost, 0, 'no result was given up');
    }

    const { body } = await stack.call<{ status: string }>('GET', '/api/v1/video/sessions/a');
    t.equal(body.status, 'running', 'the session lives on');
    for (const [i, viewer] of viewers.entries()) {
      t.ok(grows(viewer.frameIndexes), `${ids[i]}: viewers see growing indexes only`);
      viewer.socket.terminate();
    }
    await seconds(1);
    for (const id of ids) {
      const events = await storedEvents(stack, id);
      const frames = new Set(events.map((event) => event.frame_index));
      t.equal(frames.size, events.length, `${id}: no event of ${events.length} doubles`);
      const tickets = new Set(events.map((event) => event.ticket_index));
      const missing = events.filter(
        ({ previous_ticket_index: previous }) => previous > 0 && !tickets.has(previous),
      );
      // A ticket that no one took within 5 s is gone: its picture is old by then.
      t.comment(`${id}: ${events.length} events, ${missing.length} tickets without one`);
    }
  },
);

t.test('streams follow NATS_REPLICAS, and say so where there are too few servers', async (t) => {
  await using cluster = await NatsCluster.start();
  const replicasOf = async (bus: Bus) => {
    const manager = await bus.connection.jetstreamManager({ checkAPI: false });
    const infos = streamConfigs(1).map(({ name }) => manager.streams.info(name));
    return (await Promise.all(infos)).map(({ config }) => config.num_replicas);
  };
  const open = (natsReplicas: number) => {
    const config = { natsUrl: cluster.url.split(','), ...natsLogin('ingest'), natsReplicas };
    return Bus.open(config, 'ingest', log, undefined, ['streams']);
  };
  await using one = await open(1);
  await one.bucket('sessions').put('a', '{}');
  t.same(await replicasOf(one), [1, 1, 1, 1, 1]);
  await using three = await open(3);
  t.same(await replicasOf(three), [3, 3, 3, 3, 3], 'more');
  // Elects leaders first.
  const entry = await until('an entry', () => three.bucket('sessions').get('a'), {
    timeoutMs: 60_000,
  });
  t.equal(entry.string(), '{}', 'entries are kept');
  await using again = await open(1);
  t.same(await replicasOf(again), [1, 1, 1, 1, 1], 'fewer');

  await using single = await NatsServer.start();
  const reasons: string[] = [];
  const listening = createLogger('test', 'silent');
  listening.warn = ((fields: { reason: string }) => reasons.push(fields.reason)) as never;
  const stop = new AbortController();
  const config = { natsUrl: [single.url], natsReplicas: 3 };
  const opening = Bus.open(config, 'ingest', listening, stop.signal).catch(() => {});
  const reason = await until('it is told', () => reasons[0]);
  t.match(reason, 'NATS_REPLICAS=3 needs as many servers in the cluster');
  stop.abort();
  await opening;
});
