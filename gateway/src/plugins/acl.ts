import { z } from 'zod';
import { refusal } from '../answer.js';
import { known } from '../known.js';
import { definePlugin } from '../plugin.js';

const groups = z.array(z.string()).min(1).optional();

/** Lets consumers of some groups pass. */
export const acl = definePlugin({
  name: 'acl',
  priority: 950,
  config: known({
    allow: groups,
    deny: groups,
    hide_groups_header: z.boolean().default(false),
  }).refine(({ allow, deny }) => (allow === undefined) !== (deny === undefined), {
    error: 'expected one of allow and deny',
  }),
  create(config) {
    return {
      access(exchange) {
        const consumer = exchange.credential?.consumer;
        if (consumer === undefined) return refusal(401, 'Unauthorized');
        const inGroups = (config.allow ?? config.deny ?? []).some((group) =>
          consumer.groups.includes(group),
        );
        const allowed = config.allow === undefined ? !inGroups : inGroups;
        if (!allowed) return refusal(403, 'You cannot consume this service');
        if (!config.hide_groups_header) {
          exchange.toUpstream.set('X-Consumer-Groups', consumer.groups.join(', '));
        }
        return undefined;
      },
    };
  },
});
