import type { Logger } from '@framebus/contract/service';
import { refusal, sendAnswer } from './answer.js';
import type { Exchange } from './exchange.js';
import { forward } from './forward.js';
import type { Match, Router } from './router.js';
import type { Traffic } from './traffic.js';

/** The way of every request: its route, the route's plugins, its service. */
export async function handle(
  exchange: Exchange,
  router: Router,
  traffic: Traffic,
  log: Logger,
): Promise<void> {
  const match = router.match(exchange.method, exchange.path);
  traffic.count(exchange, match);
  logWhenDone(exchange, match, log);
  if (match === undefined) {
    sendAnswer(exchange, refusal(404, 'no Route matched with those values'));
    return;
  }
  const { entity, plugins } = match.route;
  if (!entity.protocols.includes('http') && !exchange.secure) {
    const upgrade = [
      ['Connection', 'Upgrade'],
      ['Upgrade', 'TLS/1.2, HTTP/1.1'],
    ] as const;
    sendAnswer(exchange, refusal(426, 'Please use HTTPS protocol', upgrade));
    return;
  }
  for (const plugin of plugins) {
    const answer = await plugin.access(exchange);
    if (exchange.response.destroyed) return;
    if (answer !== undefined) {
      sendAnswer(exchange, answer);
      return;
    }
  }
  forward(exchange, match);
}

/** The query is left out: keys may be in it. */
function logWhenDone(exchange: Exchange, match: Match | undefined, log: Logger): void {
  exchange.response.once('close', () => {
    const status = exchange.response.statusCode;
    log[status >= 500 ? 'warn' : 'debug'](
      {
        method: exchange.method,
        path: exchange.path,
        status,
        ms: Math.round(performance.now() - exchange.startedAt),
        route: match?.route.entity.name,
        consumer: exchange.credential?.consumer.username,
        requestId: exchange.id,
      },
      'request',
    );
  });
}
