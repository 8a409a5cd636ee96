import { readFile } from 'node:fs/promises';
import { ConfigError, type ConfigOf, type Logger } from '@framebus/contract/service';
import { Admin } from './admin.js';
import { readDeclaration } from './declaration.js';
import type { Exchange } from './exchange.js';
import { handle } from './handle.js';
import { Listener, type ListenOptions } from './listener.js';
import { Router } from './router.js';
import { routesOf } from './routes.js';
import { settings } from './settings.js';
import { Traffic } from './traffic.js';

export type GatewayConfig = ConfigOf<typeof settings>;

/** Reads the declarative file and serves what it describes. @throws ConfigError */
export async function start(config: GatewayConfig, log: Logger): Promise<AsyncDisposable> {
  const declaration = await readDeclaration(config.kongFile, [
    { written: settings.videoKey.fallback ?? '', variable: 'VIDEO_API_KEY', key: config.videoKey },
    { written: settings.llmKey.fallback ?? '', variable: 'LLM_API_KEY', key: config.llmKey },
  ]);
  const routes = routesOf(declaration, config.upstreams);
  const router = new Router(routes);
  const traffic = new Traffic();
  const take = (exchange: Exchange) => {
    traffic.begin();
    exchange.response.once('close', () => traffic.end());
    handle(exchange, router, log).catch((error) => {
      log.error({ err: error, requestId: exchange.id }, 'request failed');
      exchange.response.destroy();
    });
  };

  const opened = new Opened();
  const addresses: Record<string, string> = {};
  try {
    const plain = opened.add(await Listener.open({ port: config.port, host: config.host }, take));
    addresses.http = `http://${config.host}:${plain.port}`;
    if (config.tlsPort !== 0) {
      const secure = opened.add(await Listener.open(await tlsOptions(config), take));
      addresses.https = `https://${config.host}:${secure.port}`;
    }
    if (config.adminPort !== 0) {
      const admin = opened.add(await Admin.open(config.adminPort, routes, traffic));
      addresses.admin = `http://127.0.0.1:${admin.port}`;
    }
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
  log.info(addresses, 'ready');
  return opened;
}

/** Listeners that are closed together. */
class Opened implements AsyncDisposable {
  readonly #listeners: AsyncDisposable[] = [];

  add<T extends AsyncDisposable>(listener: T): T {
    this.#listeners.push(listener);
    return listener;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener[Symbol.asyncDispose]()));
  }
}

async function tlsOptions({
  host,
  tlsPort,
  tlsCert,
  tlsKey,
}: GatewayConfig): Promise<ListenOptions> {
  const mistakes = [
    ...(tlsCert === '' ? ['TLS_CERT is not set: PROXY_TLS_PORT needs it'] : []),
    ...(tlsKey === '' ? ['TLS_KEY is not set: PROXY_TLS_PORT needs it'] : []),
  ];
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const [cert, key] = await Promise.all([readFile(tlsCert, 'utf8'), readFile(tlsKey, 'utf8')]);
  return { host, port: tlsPort, tls: { cert, key } };
}
