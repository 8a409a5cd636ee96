import type { Balancer } from './balancer.js';
import { Consumers } from './consumers.js';
import type { Plugin } from './plugin.js';
import type { Route } from './router.js';
import type { Declaration, PluginEntity } from './schema.js';
import { serviceOf } from './service.js';

/** Puts the file's entities together. */
export function routesOf(
  declaration: Declaration,
  balancers: ReadonlyMap<string, Balancer>,
): readonly Route[] {
  const consumers = new Consumers(declaration.consumers);
  // One plugin of the file is one instance, which counts for all the routes that it covers.
  const instances = new Map<PluginEntity, Plugin>();
  const instanceOf = (entity: PluginEntity): Plugin => {
    const instance = instances.get(entity) ?? entity.kind.create(entity.config, consumers);
    instances.set(entity, instance);
    return instance;
  };
  return declaration.services.flatMap((serviceEntity) => {
    const service = serviceOf(serviceEntity, balancers);
    return serviceEntity.routes.map((entity) => ({
      entity,
      service,
      plugins: inForce([declaration.plugins, serviceEntity.plugins, entity.plugins]).map(
        instanceOf,
      ),
    }));
  });
}

/** Of each kind the most special one, in the order in which they run. */
function inForce(levels: readonly (readonly PluginEntity[])[]): readonly PluginEntity[] {
  const byName = new Map<string, PluginEntity>();
  for (const entity of levels.flat()) {
    if (entity.enabled) byName.set(entity.kind.name, entity);
  }
  return [...byName.values()].sort((a, b) => b.kind.priority - a.kind.priority);
}
