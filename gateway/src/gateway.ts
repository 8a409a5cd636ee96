import type { ConfigOf, Logger } from '@framebus/contract/service';
import { Admin } from './admin.js';
import { readDeclaration } from './declaration.js';
import type { Exchange } from './exchange.js';
import { handle } from './handle.js';
import { Listener } from './listener.js';
import { Opened } from './opened.js';
import { Router } from './router.js';
import { routesOf } from './routes.js';
import type { Declaration } from './schema.js';
import { settings } from './settings.js';
import { tlsOptions } from './tls.js';
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
  if (!isLoopback(config.host) && hasPublishedKey(declaration)) {
    log.warn(
      'keys that the documentation shows open a public address: set VIDEO_API_KEY and LLM_API_KEY',
    );
  }
  log.info(addresses, 'ready');
  return opened;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function hasPublishedKey({ consumers }: Declaration): boolean {
  const published = [settings.videoKey.fallback, settings.llmKey.fallback];
  const keys = consumers.flatMap((consumer) => consumer.keyauth_credentials);
  return keys.some(({ key }) => published.includes(key));
}
