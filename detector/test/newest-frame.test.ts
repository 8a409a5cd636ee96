import { setTimeout as sleep } from 'node:timers/promises';
import { Bus, createLogger } from '@framebus/contract/service';
import { NatsServer } from '@framebus/test';
import t from 'tap';
import { newestFrame } from '../src/newest-frame.js';
import { giveTurn } from './turns.js';

t.test('a frame that is stored after its ticket was taken is waited for', async (t) => {
  await using server = await NatsServer.start();
  const log = createLogger('test', 'silent');
  await using bus = await Bus.open({ natsUrl: [server.url] }, 'test', log);
  const jpeg = new Uint8Array([0xff, 0xd8]);
  await giveTurn(bus, 'a', jpeg, 1);
  const found = newestFrame(bus.connection, 'a', 2);
  await sleep(50);
  // The server refuses the ticket, since the first one waits: only the frame counts here.
  await giveTurn(bus, 'a', jpeg, 2).catch(() => {});
  t.equal((await found)?.frameIndex, 2);
  t.equal(await newestFrame(bus.connection, 'a', 3), undefined, 'but not for ever');
});
