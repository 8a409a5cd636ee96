/** How much passes, under the names of Kong's status page. */
export class Traffic {
  #total = 0;
  #active = 0;

  begin(): void {
    this.#total++;
    this.#active++;
  }

  end(): void {
    this.#active--;
  }

  toJSON() {
    return { total_requests: this.#total, connections_active: this.#active };
  }
}
