import { z } from 'zod';
import { type Answer, refusal } from '../answer.js';
import type { Exchange } from '../exchange.js';
import { known } from '../known.js';
import { definePlugin } from '../plugin.js';

/** Finds the consumer by the key in a header or the query. */
export const keyAuth = definePlugin({
  name: 'key-auth',
  priority: 1250,
  config: known({
    key_names: z
      .array(z.string().regex(/^[\w-]+$/, 'expected letters, digits, _ and -'))
      .min(1)
      .default(['apikey']),
    hide_credentials: z.boolean().default(false),
    key_in_header: z.boolean().default(true),
    key_in_query: z.boolean().default(true),
    run_on_preflight: z.boolean().default(true),
    realm: z.string().optional(),
  }),
  create(config, consumers) {
    const challenge = config.realm === undefined ? 'Key' : `Key realm="${config.realm}"`;
    const unauthorized = (message: string): Answer =>
      refusal(401, message, [['WWW-Authenticate', challenge]]);

    function find(exchange: Exchange): string | Answer {
      for (const name of config.key_names) {
        let found = config.key_in_header ? exchange.sent.all(name) : [];
        if (found.length === 0 && config.key_in_query) found = exchange.query.all(name);
        if (found.length > 1) return unauthorized('Duplicate API key found');
        const [key] = found;
        if (key === undefined) continue;
        if (config.hide_credentials) {
          exchange.query.delete(name);
          exchange.toUpstream.delete(name);
        }
        return key;
      }
      return '';
    }

    return {
      access(exchange) {
        if (!config.run_on_preflight && exchange.request.method === 'OPTIONS') return undefined;
        const key = find(exchange);
        if (typeof key !== 'string') return key;
        if (key === '') return unauthorized('No API key found in request');
        const credential = consumers.find(key);
        if (credential === undefined) return unauthorized('Unauthorized');
        exchange.authenticate(credential);
        return undefined;
      },
    };
  },
});
