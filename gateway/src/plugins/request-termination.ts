import { z } from 'zod';
import { known } from '../known.js';
import { definePlugin } from '../plugin.js';

/** Answers in the service's place, after all other plugins have let the request pass. */
export const requestTermination = definePlugin({
  name: 'request-termination',
  priority: 2,
  config: known({
    status_code: z.int().min(100).max(599).default(503),
    content_type: z.string().min(1),
    body: z.string().min(1),
  }),
  create({ status_code, content_type, body }) {
    return {
      access() {
        return {
          ...{ status: status_code, message: undefined, headers: [] },
          body: { contentType: content_type, text: body },
        };
      },
    };
  },
});
