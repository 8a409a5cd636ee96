import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { freePort, NatsServer, natsLogin, repositoryFile, until, withUsers } from '@framebus/test';
import mqtt from 'mqtt';
import t from 'tap';
import { NatsClient } from './nats-client.js';

t.test('an MQTT client reads the events of a session, and publishes none', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'framebus-test-conf-'));
  const config = join(folder, 'mqtt.conf');
  const port = await freePort();
  // nats-mqtt.conf, with a port of ours: the server takes none on its command line.
  const include = relative(folder, repositoryFile('compose/nats/nats.conf'));
  await writeFile(config, `include "${include}"\nmqtt { listen: "127.0.0.1:${port}" }\n`);
  await using nats = await NatsServer.start({ ...withUsers(), config });
  const { natsUser: username, natsPassword: password } = natsLogin('viewer');
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { username, password });
  t.teardown(() => client.endAsync(true));
  const messages: [topic: string, text: string][] = [];
  client.on('message', (topic, payload) => messages.push([topic, payload.toString()]));
  const granted = await client.subscribeAsync(['detections/front-door', 'alerts/+'], { qos: 0 });
  t.same(
    granted.map(({ qos }) => qos),
    [0, 0],
  );

  await using detector = await NatsClient.open(nats, 'detector');
  detector.connection.publish('detections.front-door', '{"frame_index":1}');
  detector.connection.publish('detections.back-door', '{"frame_index":2}');
  await using fanout = await NatsClient.open(nats, 'fanout');
  fanout.connection.publish('alerts.back-door', '{"frame_index":3}');
  await until('both are there', () => messages.length >= 2);
  t.same(messages.sort(), [
    ['alerts/back-door', '{"frame_index":3}'],
    ['detections/front-door', '{"frame_index":1}'],
  ]);

  fanout.connection.subscribe('detections.*', { callback: () => t.fail('viewer published') });
  await fanout.connection.flush();
  client.publish('detections/front-door', 'forged', { qos: 0 });
  await until('the server refuses it', () =>
    /Publish Violation.*detections.front-door/.test(nats.output),
  );
  await fanout.connection.flush();
  await rm(folder, { recursive: true });
});
