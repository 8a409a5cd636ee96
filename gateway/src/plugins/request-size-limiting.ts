import { z } from 'zod';
import { refusal } from '../answer.js';
import { known } from '../known.js';
import { definePlugin } from '../plugin.js';

const unitBytes = { bytes: 1, kilobytes: 1024, megabytes: 1_048_576 };

/**
 * Refuses bodies over a size. A body of unknown length is held, up to that size, before anything
 * of it is passed on, as Kong does: the upstream never sees a part of a refused body.
 */
export const requestSizeLimiting = definePlugin({
  name: 'request-size-limiting',
  priority: 951,
  config: known({
    allowed_payload_size: z.int().min(1).default(128),
    size_unit: z.enum(['megabytes', 'kilobytes', 'bytes']).default('megabytes'),
    require_content_length: z.boolean().default(false),
  }),
  create(config) {
    const maxBytes = config.allowed_payload_size * unitBytes[config.size_unit];
    return {
      async access(exchange) {
        const { body } = exchange;
        const tooLarge = refusal(body.announced ? 417 : 413, 'Request size limit exceeded');
        if (body.lengthBytes !== undefined) {
          return body.lengthBytes > maxBytes ? tooLarge : undefined;
        }
        if (!body.chunked) {
          return config.require_content_length
            ? refusal(411, 'A valid Content-Length header is required')
            : undefined;
        }
        return (await body.hold(maxBytes)) ? undefined : tooLarge;
      },
    };
  },
});
