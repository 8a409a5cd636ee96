import type { Exchange } from './exchange.js';
import { HeaderList } from './header-list.js';
import { serverName } from './kong.js';
import { escapePath, upstreamPath } from './path.js';
import type { Match } from './router.js';
import type { Target } from './target.js';

/** What the upstream is asked. */
export interface UpstreamRequest {
  readonly target: string;
  readonly headers: HeaderList;
}

export function upstreamRequest(
  exchange: Exchange,
  { route, matched }: Match,
  { hostHeader }: Target,
): UpstreamRequest {
  const { entity, service } = route;
  const prefix = entity.strip_path ? matched : undefined;
  const path = escapePath(upstreamPath(service.path, exchange.path, prefix));
  const headers = new HeaderList(exchange.toUpstream.toRaw());
  const host = exchange.request.headers.host ?? '';
  headers.set('Host', entity.preserve_host && host !== '' ? host : hostHeader);
  frame(exchange, headers);
  forwarded(exchange, host, prefix, headers);
  headers.append('Via', `${exchange.request.httpVersion} ${serverName}`);
  headers.set('X-Kong-Request-Id', exchange.id);
  return { target: path + exchange.query.toString(), headers };
}

/** How the upstream knows where the body ends. */
function frame({ body, upgrade, method }: Exchange, headers: HeaderList): void {
  headers.delete('Content-Length');
  headers.delete('Expect');
  headers.set('Connection', upgrade === undefined ? 'keep-alive' : 'keep-alive, Upgrade');
  if (upgrade !== undefined) {
    headers.set('Upgrade', 'websocket');
    return;
  }
  const lengthBytes = body.held?.length ?? body.lengthBytes;
  if (lengthBytes !== undefined) headers.set('Content-Length', String(lengthBytes));
  else if (body.chunked) headers.set('Transfer-Encoding', 'chunked');
  else if (!['GET', 'HEAD', 'OPTIONS', 'DELETE'].includes(method))
    headers.set('Content-Length', '0');
}

/** Who asked, and for what. The client is not trusted to say it, but for the addresses before it. */
function forwarded(
  exchange: Exchange,
  host: string,
  prefix: string | undefined,
  headers: HeaderList,
): void {
  const { clientAddress, request } = exchange;
  const before = exchange.sent.get('X-Forwarded-For');
  headers.set(
    'X-Forwarded-For',
    before === undefined ? clientAddress : `${before}, ${clientAddress}`,
  );
  headers.set('X-Forwarded-Proto', exchange.secure ? 'https' : 'http');
  headers.set('X-Forwarded-Host', host.replace(/:\d+$/, '').toLowerCase());
  headers.set('X-Forwarded-Port', String(request.socket.localPort ?? ''));
  headers.set('X-Forwarded-Path', exchange.rawPath);
  headers.delete('X-Forwarded-Prefix');
  if (prefix !== undefined && prefix !== '/') headers.set('X-Forwarded-Prefix', prefix);
  headers.set('X-Real-IP', clientAddress);
}
