import type { Bus } from './bus.js';

export interface Registration {
  readonly name: 'ingest' | 'detector' | 'fanout';
  readonly description: string;
  /** Fixed facts, shown by `nats micro info`. */
  readonly metadata: Record<string, string>;
  /** What it is doing, shown by `nats micro stats` and answered on `<name>.health`. */
  readonly stats: () => Record<string, unknown>;
}

/** Registers the process with the NATS services API. Returns the id that it has there. */
export async function registerService(bus: Bus, service: Registration): Promise<string> {
  const { name, description, metadata, stats } = service;
  const registered = await bus.connection.services.add({
    name,
    version: '0.1.0',
    description,
    metadata,
    statsHandler: () => Promise.resolve(stats()),
  });
  registered.addGroup(name).addEndpoint('health', (_error, message) => {
    message?.respond(JSON.stringify(stats()));
  });
  return registered.info().id;
}
