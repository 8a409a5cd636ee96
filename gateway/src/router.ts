import type { Plugin } from './plugin.js';
import { pathRegex } from './route-path.js';
import type { RouteEntity } from './schema.js';
import type { Service } from './service.js';

/** A route of the file, ready to be used. */
export interface Route {
  readonly entity: RouteEntity;
  readonly service: Service;
  /** In the order in which they run. */
  readonly plugins: readonly Plugin[];
}

export interface Match {
  readonly route: Route;
  /** The part of the path that the route's own path covers. */
  readonly matched: string;
}

interface Entry {
  readonly route: Route;
  readonly priority: readonly number[];
  readonly matchPath: (path: string) => string | undefined;
}

/**
 * Finds the route of a request with Kong's precedence (`traditional_compatible`): more kinds of
 * conditions first, then regular expressions by `regex_priority`, then longer prefixes; what is
 * still equal, in the order of the file.
 */
export class Router {
  readonly #entries: readonly Entry[];

  constructor(routes: readonly Route[]) {
    this.#entries = routes
      .flatMap((route) => route.entity.paths.map((path) => entryOf(route, path)))
      .sort((a, b) => comparePriority(b.priority, a.priority));
  }

  /** @param path a normalized path */
  match(method: string, path: string): Match | undefined {
    for (const { route, matchPath } of this.#entries) {
      const { methods } = route.entity;
      if (methods !== undefined && !methods.includes(method)) continue;
      const matched = matchPath(path);
      if (matched !== undefined) return { route, matched };
    }
    return undefined;
  }
}

function entryOf(route: Route, path: string): Entry {
  const conditions = route.entity.methods === undefined ? 1 : 2;
  if (path.startsWith('~')) {
    const regex = pathRegex(path.slice(1));
    return {
      route,
      priority: [conditions, 1, route.entity.regex_priority],
      matchPath: (candidate) => regex.exec(candidate)?.[0],
    };
  }
  return {
    route,
    priority: [conditions, 0, path.length],
    matchPath: (candidate) => (candidate.startsWith(path) ? path : undefined),
  };
}

function comparePriority(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) {
    const difference = value - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
