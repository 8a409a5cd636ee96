import { Agent, request as ask, type ClientRequest, type IncomingMessage } from 'node:http';
import { type Duplex, pipeline } from 'node:stream';
import { sendAnswer, sendFailure } from './answer.js';
import type { Exchange } from './exchange.js';
import { HeaderList } from './header-list.js';
import { dropHopByHop } from './hop-by-hop.js';
import { serverName } from './kong.js';
import type { Match } from './router.js';
import type { Service } from './service.js';
import { tunnel } from './tunnel.js';
import { noTarget, UpstreamTimeoutError, upstreamFailure } from './upstream-failure.js';
import { upstreamRequest } from './upstream-request.js';

// Idle connections are closed before any usual server closes them (5 s in Node and uvicorn), since
// a request that meets a closing connection fails and is not tried again.
const agent = new Agent({ keepAlive: true, timeout: 2_000 });

/**
 * Sends a request to its service and what comes back to the client, piece by piece, either way.
 * When one side goes away, so does the other.
 */
export function forward(exchange: Exchange, match: Match): void {
  const { response, body, upgrade } = exchange;
  const { service } = match.route;
  const peer = service.balancer.take();
  if (peer === undefined) {
    sendAnswer(exchange, noTarget);
    return;
  }
  const { target, headers } = upstreamRequest(exchange, match, peer);
  const sentAt = performance.now();
  let answered = false;
  let status: number | undefined;
  let upstream: ClientRequest | undefined;
  response.on('close', () => {
    peer.release(status);
    if (!response.writableFinished) upstream?.destroy();
  });
  upstream = ask({
    agent,
    host: peer.host,
    port: peer.port,
    method: exchange.method,
    path: target,
    headers: headers.toRaw(),
    setHost: false,
  });
  limitTimes(upstream, service);

  upstream.on('response', (incoming) => {
    answered = true;
    status = incoming.statusCode;
    const replyHeaders = replyHeadersOf(exchange, incoming, sentAt);
    response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, replyHeaders.toRaw());
    response.flushHeaders();
    pipeline(incoming, response, () => undefined);
  });
  upstream.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    answered = true;
    if (upgrade === undefined) {
      socket.destroy();
      response.destroy();
      return;
    }
    response.statusCode = 101;
    const replyHeaders = replyHeadersOf(exchange, incoming, sentAt);
    tunnel({ upgrade, incoming, socket, head, headers: replyHeaders, service });
  });
  upstream.on('error', (error) => {
    if (answered || response.destroyed) return;
    answered = true;
    const { answer, resolved } = upstreamFailure(error);
    status = answer.status;
    if (resolved) sendFailure(exchange, answer, proxyHeaders(exchange, sentAt));
    else sendAnswer(exchange, answer);
  });

  if (body.held !== undefined) upstream.end(body.held);
  else if (body.chunked || (body.lengthBytes ?? 0) > 0) body.stream().pipe(upstream);
  else upstream.end();
}

function limitTimes(upstream: ClientRequest, service: Service): void {
  const fail = (what: string) =>
    upstream.destroy(new UpstreamTimeoutError(`${service.name} ${what}`));
  const connecting = setTimeout(() => fail('does not connect'), service.connectTimeoutMs);
  upstream.on('socket', (socket) => {
    if (socket.connecting) socket.once('connect', () => clearTimeout(connecting));
    else clearTimeout(connecting);
  });
  upstream.on('close', () => clearTimeout(connecting));
  upstream.setTimeout(service.writeTimeoutMs, () => fail('is silent'));
  upstream.on('finish', () => upstream.setTimeout(service.readTimeoutMs));
}

function replyHeadersOf(exchange: Exchange, incoming: IncomingMessage, sentAt: number): HeaderList {
  const headers = new HeaderList(incoming.rawHeaders);
  dropHopByHop(headers);
  if (headers.get('Server') === undefined) headers.set('Server', serverName);
  const via = headers.get('Via');
  headers.merge(proxyHeaders(exchange, sentAt));
  if (via !== undefined) headers.set('Via', `${via}, 1.1 ${serverName}`);
  headers.merge(exchange.toClient);
  return headers;
}

function proxyHeaders(exchange: Exchange, sentAt: number): HeaderList {
  const headers = new HeaderList();
  headers.set('X-Kong-Upstream-Latency', String(Math.round(performance.now() - sentAt)));
  headers.set('X-Kong-Proxy-Latency', String(Math.round(sentAt - exchange.startedAt)));
  headers.set('Via', `1.1 ${serverName}`);
  headers.set('X-Kong-Request-Id', exchange.id);
  return headers;
}
