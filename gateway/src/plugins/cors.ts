import { z } from 'zod';
import type { HeaderList } from '../header-list.js';
import { known } from '../known.js';
import { definePlugin } from '../plugin.js';

const allMethods = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'];

// Kong takes other characters for a regular expression, which this server does not know.
const origin = z
  .string()
  .regex(/^(\*|[A-Za-z0-9.:/-]+)$/, 'expected "*" or an origin such as https://example.org');

/** Tells browsers which pages may call, and answers their preflights. */
export const cors = definePlugin({
  name: 'cors',
  priority: 2000,
  config: known({
    origins: z.array(origin).optional(),
    headers: z.array(z.string()).optional(),
    exposed_headers: z.array(z.string()).optional(),
    methods: z.array(z.enum(allMethods)).min(1).default(allMethods),
    max_age: z.number().optional(),
    credentials: z.boolean().default(false),
    preflight_continue: z.boolean().default(false),
  }),
  create(config) {
    const origins = config.origins ?? [];
    const everyone = origins.length === 0 || origins.includes('*');

    function allowOrigin(headers: HeaderList, requestOrigin: string | undefined): void {
      if (everyone && !(config.credentials && requestOrigin !== undefined)) {
        headers.set('Access-Control-Allow-Origin', '*');
        return;
      }
      headers.append('vary', 'Origin');
      const listed = origins.length === 1 ? origins[0] : origins.find((o) => o === requestOrigin);
      const allowed = everyone ? requestOrigin : listed;
      if (allowed !== undefined) headers.set('Access-Control-Allow-Origin', allowed);
      if (config.credentials) headers.set('Access-Control-Allow-Credentials', 'true');
    }

    return {
      access({ request, sent, toClient }) {
        const requestOrigin = sent.get('origin');
        const preflight =
          request.method === 'OPTIONS' &&
          requestOrigin !== undefined &&
          sent.get('access-control-request-method') !== undefined;
        if (preflight && config.preflight_continue) return undefined;
        allowOrigin(toClient, requestOrigin);
        if (!preflight) {
          if (config.exposed_headers !== undefined && config.exposed_headers.length > 0) {
            toClient.set('Access-Control-Expose-Headers', config.exposed_headers.join(','));
          }
          return undefined;
        }
        const asked = sent.get('access-control-request-headers');
        const headers = config.headers?.join(',') || asked;
        if (headers !== undefined) toClient.set('Access-Control-Allow-Headers', headers);
        toClient.set('Access-Control-Allow-Methods', config.methods.join(','));
        if (config.max_age !== undefined) {
          toClient.set('Access-Control-Max-Age', String(config.max_age));
        }
        return { status: 200, message: undefined, headers: [] };
      },
    };
  },
});
