import type { ServiceEntity } from './schema.js';

/** Where requests of a service go. */
export interface Service {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** "/" with none. */
  readonly path: string;
  /** The `Host` header that the upstream gets. */
  readonly hostHeader: string;
  readonly connectTimeoutMs: number;
  /** Longest silence of the upstream. */
  readonly readTimeoutMs: number;
  /** Longest time in which the upstream takes nothing of what is sent. */
  readonly writeTimeoutMs: number;
}

/** @param moved where the service is instead of the file's address */
export function serviceOf(entity: ServiceEntity, moved: string | undefined): Service {
  const url = new URL(moved ?? entity.url);
  return {
    name: entity.name,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 80 : Number(url.port),
    path: url.pathname,
    hostHeader: url.host,
    connectTimeoutMs: entity.connect_timeout,
    readTimeoutMs: entity.read_timeout,
    writeTimeoutMs: entity.write_timeout,
  };
}
