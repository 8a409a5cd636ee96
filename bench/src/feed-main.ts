// A camera without a decoder in a process of its own: `feed-main.js NATS_URL FPS AFTER`, see Feed.
import { Bus, createLogger } from '@framebus/contract/service';
import { demoPictures, Feed } from '@framebus/test/feed';

const [url = '', fps, after] = process.argv.slice(2);
const bus = await Bus.open({ natsUrl: [url] }, 'feed', createLogger('feed', 'silent'));
new Feed(bus, 1, Number(fps), await demoPictures(30), Number(after));
