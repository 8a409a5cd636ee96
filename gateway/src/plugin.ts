import type { z } from 'zod';
import type { Answer } from './answer.js';
import type { Consumers } from './consumers.js';
import type { Exchange } from './exchange.js';

/** A plugin with its configuration, on one route, service or everywhere. */
export interface Plugin {
  /** Looks at a request before it is proxied. An answer ends the request there. */
  access(exchange: Exchange): Answer | undefined | Promise<Answer | undefined>;
}

/** What is known of a plugin: how the file describes it, when it runs, how it is made. */
export interface PluginKind<S extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** Kong's; the highest runs first. */
  readonly priority: number;
  readonly config: S;
  create(config: z.output<S>, consumers: Consumers): Plugin;
}

export function definePlugin<S extends z.ZodType>(kind: PluginKind<S>): PluginKind<S> {
  return kind;
}
