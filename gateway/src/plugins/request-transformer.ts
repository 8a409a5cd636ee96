import { z } from 'zod';
import { known } from '../known.js';
import { definePlugin } from '../plugin.js';

const name = z.string().regex(/^[\w-]+$/, 'expected the name of a header');
// A space after the colon would be sent, and "$(…)" is Lua to Kong.
const pair = z
  .string()
  .regex(/^[\w-]+:[^\s$][^$]*$/, 'expected name:value, with no space and no $');

/** Takes headers from what the upstream is sent, then adds those that are not there. */
export const requestTransformer = definePlugin({
  name: 'request-transformer',
  priority: 801,
  config: known({
    remove: known({ headers: z.array(name).default([]) }).prefault({}),
    add: known({ headers: z.array(pair).default([]) }).prefault({}),
  }),
  create({ remove, add }) {
    return {
      access({ toUpstream }) {
        for (const name of remove.headers) toUpstream.delete(name);
        for (const pair of add.headers) {
          const [name = '', ...value] = pair.split(':');
          if (toUpstream.get(name) === undefined) toUpstream.set(name, value.join(':'));
        }
        return undefined;
      },
    };
  },
});
