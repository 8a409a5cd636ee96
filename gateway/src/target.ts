import type { TargetHealth } from './target-health.js';

/** One server behind a service. */
export class Target {
  readonly host: string;
  readonly port: number;
  /** Share of the connections, beside the other targets' weights; 0 gets none. */
  readonly weight: number;
  /** Undefined where nobody checks: it is then always tried. */
  readonly health: TargetHealth | undefined;
  #connections = 0;

  constructor(host: string, port: number, weight: number, health?: TargetHealth) {
    this.host = host;
    this.port = port;
    this.weight = weight;
    this.health = health;
  }

  /** The `Host` header that it gets. */
  get hostHeader(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    return this.port === 80 || this.port === 443 ? host : `${host}:${this.port}`;
  }

  /** Requests and sockets under way. */
  get connections(): number {
    return this.#connections;
  }

  get available(): boolean {
    return this.weight > 0 && (this.health?.healthy ?? true);
  }

  take(): void {
    this.#connections++;
  }

  /** @param status of the target's answer, or of the answer in its place; undefined: the client left */
  release(status: number | undefined): void {
    this.#connections--;
    if (status !== undefined) this.health?.answered(status);
  }
}
