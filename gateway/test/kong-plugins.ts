import { z } from 'zod';

/* Plugins of Kong 3.9.3 that gateway/kong.yml uses: fields of kong/plugins/<name>/schema.lua. */

const boolean = z.boolean().optional();
const strings = z.array(z.string()).optional();
// kong/tools/http.lua: validate_header_name
const header = z.string().regex(/^[\w-]+$/);
const limit = z.number().gt(0).optional();
const methods = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'];

const configs = {
  'correlation-id': z.strictObject({
    header_name: z.string().optional(),
    generator: z.enum(['uuid', 'uuid#counter', 'tracker']).optional(),
    echo_downstream: boolean,
  }),
  cors: z.strictObject({
    origins: strings,
    headers: strings,
    exposed_headers: strings,
    methods: z.array(z.enum(methods)).optional(),
    max_age: z.number().optional(),
    credentials: boolean,
    private_network: boolean,
    preflight_continue: boolean,
  }),
  'key-auth': z.strictObject({
    key_names: z.array(header).optional(),
    hide_credentials: boolean,
    anonymous: z.string().optional(),
    key_in_header: boolean,
    key_in_query: boolean,
    key_in_body: boolean,
    run_on_preflight: boolean,
    realm: z.string().optional(),
  }),
  acl: z
    .strictObject({
      allow: strings,
      deny: strings,
      hide_groups_header: boolean,
      always_use_authenticated_groups: boolean,
    })
    .refine(({ allow, deny }) => (allow === undefined) !== (deny === undefined), {
      error: 'only one of allow and deny',
    }),
  'rate-limiting': z
    .strictObject({
      ...{ second: limit, minute: limit, hour: limit, day: limit, month: limit, year: limit },
      limit_by: z.enum(['consumer', 'credential', 'ip', 'service', 'header', 'path']).optional(),
      header_name: header.optional(),
      path: z.string().startsWith('/').optional(),
      // Without a database there is no "cluster".
      policy: z.enum(['local', 'redis']).optional(),
      fault_tolerant: boolean,
      hide_client_headers: boolean,
      error_code: z.number().gt(0).optional(),
      error_message: z.string().optional(),
      sync_rate: z.number().optional(),
    })
    .refine(
      ({ second, minute, hour, day, month, year }) => {
        const given = [second, minute, hour, day, month, year].filter((n) => n !== undefined);
        return given.every((n, i) => i === 0 || n >= (given[i - 1] ?? 0)) && given.length > 0;
      },
      { error: 'a longer period has the lower limit, or there is none' },
    ),
  'request-size-limiting': z.strictObject({
    allowed_payload_size: z.int().optional(),
    size_unit: z.enum(['megabytes', 'kilobytes', 'bytes']).optional(),
    require_content_length: boolean,
  }),
  'request-transformer': z.strictObject({
    http_method: z
      .string()
      .regex(/^[A-Z]+$/)
      .optional(),
    remove: z.strictObject({ body: strings, headers: strings, querystring: strings }).optional(),
    add: z
      .strictObject({
        body: strings,
        headers: z.array(z.string().regex(/^[\w-]+:.*$/)).optional(),
        querystring: strings,
      })
      .optional(),
  }),
  'request-termination': z
    .strictObject({
      status_code: z.int().min(100).max(599).optional(),
      message: z.string().optional(),
      content_type: z.string().optional(),
      body: z.string().optional(),
      echo: boolean,
      trigger: header.optional(),
    })
    .refine(({ message, content_type, body }) => !(message && (content_type || body)), {
      error: 'message cannot be used with content_type or body',
    })
    .refine(({ content_type, body }) => !content_type || body, {
      error: 'content_type requires a body',
    }),
};

function entityOf<N extends string, C extends z.ZodType>(name: N, config: C) {
  return z.strictObject({
    name: z.literal(name),
    config: config.optional(),
    enabled: boolean,
    instance_name: z.string().optional(),
    protocols: z.array(z.string()).optional(),
    id: z.uuid().optional(),
    tags: strings,
  });
}

const entities = Object.entries(configs).map(([name, config]) => entityOf(name, config));

/** kong/db/schema/entities/plugins.lua: a plugin with its configuration. */
export const plugin = z.discriminatedUnion(
  'name',
  entities as [(typeof entities)[number], ...typeof entities],
);
