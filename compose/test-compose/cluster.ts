import { until } from '@framebus/test';
import type { Test } from 'tap';
import { Audience, framesOf, inHand } from './audience.js';
import { Deployment } from './deployment.js';
import type { Engine } from './engine.js';
import { missingTickets } from './history.js';
import { NatsView } from './nats-view.js';

const servers = ['nats', 'nats-2', 'nats-3'];
const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, 1_000 * count));

/** Tries a cluster of three NATS servers under load: whichever of them leads is killed, and comes back. */
export async function testCluster(
  t: Test,
  engine: Engine,
  say: (words: string) => void,
): Promise<void> {
  const overrides = ['compose.cluster.yaml', 'test-compose/containers-cluster.yaml'];
  const deployment = new Deployment(engine, 'cluster', overrides);
  const audience = new Audience(deployment, 3, say);
  t.teardown(async () => {
    await audience[Symbol.asyncDispose]();
    await deployment[Symbol.asyncDispose]();
  });
  const look = async <T>(at: (view: NatsView) => Promise<T>): Promise<T> => {
    await using view = await NatsView.open(deployment, servers);
    return await at(view);
  };
  const replicasOf = () =>
    look(async (view) =>
      (await view.streams()).map(({ config, cluster }) => {
        const followers = cluster?.replicas ?? [];
        const current = followers.filter((one) => one.current && !one.offline);
        return { name: config.name, replicas: config.num_replicas, current: current.length };
      }),
    );
  /** Once each stream has two followers that have caught up, the cluster bears the loss of any server. */
  const whole = (what: string) =>
    until(what, async () => (await replicasOf()).every(({ current }) => current === 2), {
      timeoutMs: 120_000,
      everyMs: 500,
    });
  const leaderOf = (stream: string) =>
    look(async (view) => {
      if (stream === 'detectors') return (await view.consumer()).cluster?.leader ?? '';
      const infos = await view.streams();
      return infos.find(({ config }) => config.name === stream)?.cluster?.leader ?? '';
    });

  say('starting a cluster');
  await deployment.up(['--scale', 'detector=2']).catch(async (error: unknown) => {
    say(await deployment.logs());
    throw error;
  });
  say('every container is healthy');

  await t.test('each stream and bucket is on all three servers', async (t) => {
    await audience.open();
    await audience.recovery('three cameras');
    await whole('followers have caught up');
    const streams = await replicasOf();
    t.ok(streams.length >= 5);
    for (const { name, replicas } of streams) t.equal(replicas, 3, name);
  });

  let seen = framesOf([]);
  const leads = ['detectors', 'FRAMES', 'DETECTIONS', 'KV_session-state'];
  for (const led of leads) {
    await t.test(`the server that leads ${led} is killed under load`, async (t) => {
      const leader = await until(`a leader of ${led}`, () => leaderOf(led), { timeoutMs: 60_000 });
      const service = leader === 'nats-1' ? 'nats' : leader;
      seen = framesOf(await audience.events());
      await deployment.compose(['kill', service]);
      const took = await audience.recovery(`${service}, which led ${led}, killed`);
      t.ok(took < 30, `${took} s`);
      await seconds(2);
      await deployment.compose(['start', service]);
      await whole(`${service} has caught up`);
      say(`${service} has caught up`);
      await audience.recovery(`with ${service} again`);
    });
  }

  await t.test('nothing was lost', async (t) => {
    await seconds(2);
    const events = await audience.events();
    const frames = framesOf(events);
    t.equal(frames.size, events.length, `no event of ${events.length} doubles`);
    t.same(
      [...seen].filter((frame) => !frames.has(frame)),
      [],
      'no event that was there is gone',
    );
    const drops = await look((view) => view.drops());
    say(`what detectors dropped: ${JSON.stringify(drops)}`);
    t.same(
      drops.map(({ lost }) => lost),
      [0, 0],
      'both detectors published every result',
    );
    // One may wait as a server dies. An election takes 4 to 9 s, and a ticket that no one took within 5 s is gone.
    const missing = missingTickets(events, inHand);
    say(`tickets that no one took in time: ${missing.join(', ')}`);
    const most = leads.length * audience.cameras.length;
    t.ok(missing.length <= most, `each frame taken gave an event: ${missing.length} of ${most}`);
    await audience.assertWell(t);
  });
}
