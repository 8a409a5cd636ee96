import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { known } from '../known.js';
import { definePlugin } from '../plugin.js';

/** Gives each request an id, unless the client sent one, and tells the client on request. */
export const correlationId = definePlugin({
  name: 'correlation-id',
  priority: 100_001,
  config: known({
    header_name: z.string().default('Kong-Request-ID'),
    generator: z.enum(['uuid', 'uuid#counter']).default('uuid#counter'),
    echo_downstream: z.boolean().default(false),
  }),
  create(config) {
    const processId = randomUUID();
    let counter = 0;
    const generate = () =>
      config.generator === 'uuid' ? randomUUID() : `${processId}#${++counter}`;
    return {
      access(exchange) {
        const id = exchange.sent.get(config.header_name) || generate();
        exchange.toUpstream.set(config.header_name, id);
        if (config.echo_downstream) exchange.toClient.set(config.header_name, id);
        return undefined;
      },
    };
  },
});
