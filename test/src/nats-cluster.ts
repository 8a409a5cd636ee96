import { NatsServer } from './nats.js';
import { withUsers } from './nats-users.js';
import { freePort } from './ports.js';

const password = 'secret-of-cluster';

/** Three real nats-servers with compose/nats/cluster.conf. */
export class NatsCluster implements AsyncDisposable {
  readonly nodes: readonly NatsServer[];

  private constructor(nodes: readonly NatsServer[]) {
    this.nodes = nodes;
  }

  static async start(): Promise<NatsCluster> {
    const ports = [await freePort(), await freePort(), await freePort()];
    const routes = ports.map((port) => `nats://cluster:${password}@127.0.0.1:${port}`);
    const { config, env } = withUsers('cluster.conf');
    const nodes = ports.map((port, i) =>
      NatsServer.start({
        config,
        args: ['--cluster', `nats://127.0.0.1:${port}`],
        env: {
          ...env,
          NATS_SERVER_NAME: `nats-${i + 1}`,
          NATS_ROUTES: `[${routes.join(', ')}]`,
          NATS_CLUSTER_PASSWORD: password,
        },
      }),
    );
    return new NatsCluster(await Promise.all(nodes));
  }

  /** Addresses of all servers, as NATS_URL has them. */
  get url(): string {
    return this.nodes.map((node) => node.url).join(',');
  }

  /** The node with a name such as `nats-2`. @throws Error when there is none */
  node(name: string): NatsServer {
    const node = this.nodes[Number(name.slice('nats-'.length)) - 1];
    if (node === undefined) throw new Error(`no node ${name}`);
    return node;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((node) => node[Symbol.asyncDispose]()));
  }
}
