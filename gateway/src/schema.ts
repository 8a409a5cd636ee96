import { z } from 'zod';
import { checks } from './checks.js';
import { known } from './known.js';
import type { PluginKind } from './plugin.js';
import { pluginKinds } from './plugins/index.js';
import { prefixMistake, regexMistake } from './route-path.js';

const name = z.string().regex(/^[\w.~-]+$/, 'expected letters, digits, . _ ~ and -');
const id = z.uuid().optional();
const tags = z.array(z.string()).optional();
const timeoutMs = z.int().min(1).max(2_147_483_646).default(60_000);

/** A plugin of the file with the kind that makes it. */
export interface PluginEntity {
  readonly name: string;
  readonly kind: PluginKind;
  readonly config: unknown;
  readonly enabled: boolean;
}

function pluginOf(kind: PluginKind) {
  return known({
    name: z.literal(kind.name),
    config: kind.config.prefault({}),
    enabled: z.boolean().default(true),
    instance_name: z.string().optional(),
    id,
    tags,
  }).transform(({ name, config, enabled }): PluginEntity => ({ name, kind, config, enabled }));
}

const plugin = z.discriminatedUnion('name', pluginKinds.map(pluginOf) as [PluginShape], {
  error: `unknown plugin; known here: ${pluginKinds.map((kind) => kind.name).join(', ')}`,
});
type PluginShape = ReturnType<typeof pluginOf>;

const plugins = z
  .array(plugin)
  .default([])
  .refine(
    unique((p: { name: string }) => p.name),
    'the same plugin is given twice',
  );

const path = z.string().superRefine((value, context) => {
  const mistake = value.startsWith('~') ? regexMistake(value.slice(1)) : prefixMistake(value);
  if (mistake !== undefined) context.addIssue(mistake);
});

const methods = z.array(z.string().regex(/^[A-Z]+$/, 'expected a method such as GET'));

const route = known({
  name,
  paths: z.array(path).min(1),
  methods: methods.min(1).optional(),
  protocols: z
    .array(z.enum(['http', 'https']))
    .min(1)
    .default(['http', 'https']),
  strip_path: z.boolean().default(true),
  preserve_host: z.boolean().default(false),
  regex_priority: z.int().min(0).default(0),
  request_buffering: z.boolean().default(true),
  response_buffering: z.boolean().default(true),
  path_handling: z.literal('v0').default('v0'),
  plugins,
  id,
  tags,
});

const service = known({
  name,
  url: z
    .string()
    .refine((url) => url.startsWith('http://') && URL.canParse(url), 'expected http://host:port'),
  retries: z.literal(0, { error: "expected 0, given: each request is tried once (Kong's is 5)" }),
  connect_timeout: timeoutMs,
  read_timeout: timeoutMs,
  write_timeout: timeoutMs,
  routes: z.array(route).default([]),
  plugins,
  id,
  tags,
});

const upstream = known({
  name: z.string().regex(/^[A-Za-z][\w.-]*$/, 'expected a host name'),
  algorithm: z.literal('least-connections', {
    error: "expected least-connections, given (Kong's is round-robin)",
  }),
  targets: z
    .array(
      known({
        target: z.string().regex(/^(?:[\w.-]+|\[[\da-f:]+\]):\d{1,5}$/, 'expected host:port'),
        weight: z.int().min(0).max(65_535).default(100),
        id,
        tags,
      }),
    )
    .default([]),
  healthchecks: checks.prefault({}),
  id,
  tags,
});

const consumer = known({
  username: z.string().min(1),
  custom_id: z.string().optional(),
  acls: z.array(known({ group: z.string().min(1), id, tags })).default([]),
  keyauth_credentials: z
    .array(known({ key: z.string({ error: 'expected text; put it in quotes' }).min(1), id, tags }))
    .default([]),
  id,
  tags,
});

/** The declarative file, as far as this server does what it says. */
export const declarationSchema = known({
  _format_version: z.literal('3.0'),
  _transform: z.boolean().optional(),
  _comment: z.string().optional(),
  services: z
    .array(service)
    .default([])
    .refine(
      unique((s: { name: string }) => s.name),
      'a name is given twice',
    ),
  upstreams: z
    .array(upstream)
    .default([])
    .refine(
      unique((u: { name: string }) => u.name),
      'a name is given twice',
    ),
  consumers: z
    .array(consumer)
    .default([])
    .refine(
      unique((c: { username: string }) => c.username),
      'a username is given twice',
    ),
  plugins,
}).superRefine(({ services, consumers }, context) => {
  if (!unique(({ name }: RouteEntity) => name)(services.flatMap((s) => s.routes))) {
    context.addIssue({
      code: 'custom',
      path: ['services'],
      message: "a route's name is given twice",
    });
  }
  const keys = consumers.flatMap((c) => c.keyauth_credentials);
  if (!unique(({ key }: { key: string }) => key)(keys)) {
    context.addIssue({ code: 'custom', path: ['consumers'], message: 'a key is given twice' });
  }
});

export type Declaration = z.output<typeof declarationSchema>;
/** The file as it is written. */
export type WrittenDeclaration = z.input<typeof declarationSchema>;
export type ServiceEntity = z.output<typeof service>;
export type RouteEntity = z.output<typeof route>;
export type UpstreamEntity = z.output<typeof upstream>;
export type ConsumerEntity = z.output<typeof consumer>;

function unique<T>(nameOf: (item: T) => string): (items: readonly T[]) => boolean {
  return (items) => new Set(items.map(nameOf)).size === items.length;
}
