export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

export interface Rule {
  readonly name: string;
  readonly query: string;
  /** `inactive`, `pending` or `firing`. */
  readonly state: string;
  /** `ok`, `unknown` before the first time, or `err`. */
  readonly health: string;
  readonly lastError?: string;
}

export interface Target {
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly health: string;
  readonly lastError: string;
}

/** The HTTP API of a Prometheus. */
export class Prometheus {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** What a query gives now. @throws Error when it is none */
  async query(query: string): Promise<readonly Sample[]> {
    const { result } = await this.#get<{ result: readonly Sample[] }>('query', { query });
    return result;
  }

  /** Names of all metrics that it has, and of those that are told without a sample as yet. */
  async names(): Promise<ReadonlySet<string>> {
    const told = await this.#get<Record<string, unknown>>('metadata');
    const sampled = await this.#get<string[]>('label/__name__/values');
    return new Set([...Object.keys(told), ...sampled]);
  }

  async rules(): Promise<Rule[]> {
    const { groups } = await this.#get<{ groups: readonly { rules: Rule[] }[] }>('rules');
    return groups.flatMap(({ rules }) => rules);
  }

  async targets(): Promise<readonly Target[]> {
    return (await this.#get<{ activeTargets: Target[] }>('targets')).activeTargets;
  }

  async #get<T>(path: string, parameters: Record<string, string> = {}): Promise<T> {
    const query = new URLSearchParams(parameters);
    const url = `${this.#url}/api/v1/${path}?${query}`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    const { status, data, error } = (await answer.json()) as {
      status: string;
      data: T;
      error?: string;
    };
    if (status !== 'success') throw new Error(`${path} ${query}: ${error}`);
    return data;
  }
}
