import { z } from 'zod';
import { plugin } from './kong-plugins.js';

/*
 * What Kong 3.9.3 takes, as far as gateway/kong.yml uses it: fields, types and ranges of its own
 * schemas under kong/db/schema. Unlike src/schema.ts it says nothing of what our gateway does.
 */

// typedefs.lua: validate_utf8_name, path, tag, uuid, http_method, port
const name = z.string().regex(/^[\w.~\u0080-\uffff-]+$/);
const path = z.string().regex(/^\/(?!.*\/\/)(?:[\w.~/:@!$&'()*+,;=-]|%[\da-fA-F]{2})*$/);
const common = {
  id: z.uuid().optional(),
  tags: z.array(z.string().regex(/^[^,/]+$/)).optional(),
  created_at: z.int().optional(),
  updated_at: z.int().optional(),
};
const boolean = z.boolean().optional();
const plugins = z.array(plugin).optional();

// typedefs.lua: router_path; entities/routes.lua: the router's own check, for which Rust's regex
// crate counts: no look-around and no back-references, PCRE's other extras neither.
const routerPath = z.string().superRefine((value, context) => {
  const say = (message: string) => context.addIssue({ code: 'custom', message });
  if (!/^~?\//.test(value)) say('should start with: / (fixed path) or ~/ (regex path)');
  if (value.includes('//')) say('must not have empty segments');
  if (/%(?![\da-fA-F]{2})/.test(value)) say('invalid url-encoded value');
  if (!value.startsWith('~')) {
    if (!path.safeParse(value).success) say('invalid path');
    return;
  }
  if (/\(\?(?:<?[=!]|>|R|\d)|\\[1-9gk]|\\[QEGKRXZ]|[*+?}]\+/.test(value)) say('invalid regex');
  try {
    new RegExp(value.slice(1), 'u');
  } catch (error) {
    say(`invalid regex: ${(error as Error).message}`);
  }
});

// entities/routes.lua, routes_subschemas.lua (http)
const route = z
  .strictObject({
    ...common,
    name: name.optional(),
    protocols: z
      .array(z.enum(['http', 'https']))
      .min(1)
      .optional(),
    https_redirect_status_code: z.literal([426, 301, 302, 307, 308]).optional(),
    strip_path: boolean,
    preserve_host: boolean,
    request_buffering: boolean,
    response_buffering: boolean,
    methods: z.array(z.string().regex(/^[A-Z]+$/)).optional(),
    hosts: z.array(z.string()).optional(),
    paths: z.array(routerPath).optional(),
    headers: z.record(z.string(), z.array(z.string())).optional(),
    regex_priority: z.int().optional(),
    path_handling: z.enum(['v0', 'v1']).optional(),
    plugins,
  })
  .refine(({ methods, hosts, headers, paths }) => methods ?? hosts ?? headers ?? paths, {
    error: "must set one of 'methods', 'hosts', 'headers', 'paths'",
  });

const timeout = z
  .int()
  .min(1)
  .max(2 ** 31 - 2)
  .optional();

// entities/services.lua; url is its shorthand for protocol, host, port and path
const service = z.strictObject({
  ...common,
  name: name.optional(),
  retries: z.int().min(0).max(32_767).optional(),
  url: z.string().refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    return url !== null && /^https?:$/.test(url.protocol) && path.safeParse(url.pathname).success;
  }),
  connect_timeout: timeout,
  write_timeout: timeout,
  read_timeout: timeout,
  enabled: boolean,
  routes: z.array(route).optional(),
  plugins,
});

// entities/upstreams.lua: healthchecks_config and its types
const seconds = z.number().min(0).max(65_535).optional();
const count = z.int().min(0).max(255).optional();
const statuses = z.array(z.int().min(100).max(999)).optional();
const kind = z.enum(['tcp', 'http', 'https', 'grpc', 'grpcs']).optional();
const failures = {
  http_statuses: statuses,
  tcp_failures: count,
  timeouts: count,
  http_failures: count,
};
const healthchecks = z.strictObject({
  threshold: z.number().min(0).max(100).optional(),
  active: z
    .strictObject({
      type: kind,
      timeout: seconds,
      concurrency: z
        .int()
        .min(1)
        .max(2 ** 31)
        .optional(),
      http_path: path.optional(),
      headers: z.record(z.string(), z.array(z.string())).optional(),
      healthy: z
        .strictObject({ interval: seconds, http_statuses: statuses, successes: count })
        .optional(),
      unhealthy: z.strictObject({ interval: seconds, ...failures }).optional(),
    })
    .optional(),
  passive: z
    .strictObject({
      type: kind,
      healthy: z.strictObject({ http_statuses: statuses, successes: count }).optional(),
      unhealthy: z.strictObject(failures).optional(),
    })
    .optional(),
});

// entities/upstreams.lua, entities/targets.lua: a host name without a port; a host and its port
const upstream = z.strictObject({
  ...common,
  name: z.string().regex(/^(?!\d+(?:\.\d+){3}$)[A-Za-z\d_][\w.-]*$/),
  algorithm: z
    .enum(['consistent-hashing', 'least-connections', 'round-robin', 'latency'])
    .optional(),
  slots: z
    .int()
    .min(10)
    .max(2 ** 16)
    .optional(),
  host_header: z.string().optional(),
  use_srv_name: boolean,
  healthchecks: healthchecks.optional(),
  targets: z
    .array(
      z.strictObject({
        ...common,
        target: z.string().regex(/^(?:[\w.-]+|\[[\da-fA-F:]+\])(?::\d{1,5})?$/),
        weight: z.int().min(0).max(65_535).optional(),
      }),
    )
    .optional(),
});

// entities/consumers.lua, plugins/key-auth/daos.lua, plugins/acl/daos.lua
const consumer = z
  .strictObject({
    ...common,
    username: z.string().min(1).optional(),
    custom_id: z.string().min(1).optional(),
    keyauth_credentials: z
      .array(z.strictObject({ ...common, key: z.string().min(1), ttl: z.int().optional() }))
      .optional(),
    acls: z.array(z.strictObject({ ...common, group: z.string().min(1) })).optional(),
    plugins,
  })
  .refine(({ username, custom_id }) => username ?? custom_id, {
    error: 'at least one of username and custom_id',
  });

/** others/declarative_config.lua: the whole file. */
export const kongFile = z.strictObject({
  _format_version: z.enum(['1.1', '2.1', '3.0']),
  _transform: boolean,
  _comment: z.string().optional(),
  _ignore: z.array(z.unknown()).optional(),
  services: z.array(service).optional(),
  routes: z.array(route).optional(),
  upstreams: z.array(upstream).optional(),
  consumers: z.array(consumer).optional(),
  plugins,
});
