import { Bus, createLogger, registerService } from '@framebus/contract/service';
import { NatsServer, until } from '@framebus/test';
import t from 'tap';
import { Presence } from '../src/presence.js';

const log = createLogger('test', 'silent');

t.test('an ingest whose connection ended is gone, one that is there is not', async (t) => {
  await using nats = await NatsServer.start();
  const open = () => Bus.open({ natsUrl: [nats.url] }, 'test', log);
  await using mine = await open();
  await using other = await open();
  const facts = { name: 'ingest', description: 'test', metadata: {}, stats: () => ({}) } as const;
  const stays = await registerService(mine, facts);
  const goes = await registerService(other, facts);
  using presence = new Presence(mine);
  const both = new Set([stays, goes]);
  await presence.look(both);
  await other.connection.close();
  await until('the other is gone', async () => {
    await presence.look(both);
    return presence.isGone(goes);
  });
  t.notOk(presence.isGone(stays));
  t.notOk(presence.isGone(undefined), 'an entry of an earlier version tells of nobody to ask');
});
