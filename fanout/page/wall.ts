import type { Session } from './answers.js';
import type { Filter } from './filter.js';
import { bestGrid } from './grid.js';
import { byName } from './names.js';
import { Tile } from './tile.js';
import type { TileOwner } from './tile-actions.js';

const refreshMs = 250;

/** The tiles of all sessions, in the order of their names. */
export class Wall {
  readonly #element: HTMLElement;
  readonly #filter: Filter;
  readonly #owner: TileOwner;
  readonly #tiles = new Map<string, Tile>();
  #most = 0;

  constructor(element: HTMLElement, filter: Filter, owner: TileOwner) {
    this.#element = element;
    this.#filter = filter;
    this.#owner = owner;
    const resizes = new ResizeObserver(() => this.#fit());
    resizes.observe(document.documentElement);
    if (element.parentElement !== null) resizes.observe(element.parentElement);
    setInterval(() => {
      if (!document.hidden) for (const tile of this.#tiles.values()) tile.refresh();
    }, refreshMs);
  }

  /** So many tiles at once on the screen, the rest below; 0: all. */
  arrange(most: number): void {
    this.#most = most;
    this.#fit();
  }

  get tiles(): readonly Tile[] {
    const order = [...this.#element.children];
    return [...this.#tiles.values()].sort(
      (a, b) => order.indexOf(a.element) - order.indexOf(b.element),
    );
  }

  tile(sessionId: string): Tile | undefined {
    return this.#tiles.get(sessionId);
  }

  /** Makes the tiles agree with the sessions that there are. */
  show(sessions: readonly Session[], key: string): void {
    const ids = new Set(sessions.map(({ session_id }) => session_id));
    for (const id of this.#tiles.keys()) if (!ids.has(id)) this.remove(id);
    for (const session of sessions) {
      const tile = this.#tiles.get(session.session_id);
      if (tile === undefined) this.#add(session, key);
      else tile.update(session);
    }
    this.#sort();
    this.#fit();
  }

  /** Takes what the control API says of one session. */
  update(session: Session): void {
    this.tile(session.session_id)?.update(session);
    this.#sort();
  }

  /** Tiles that are out of their place move; the one with the focus never does, for it would lose it. */
  #sort(): void {
    const sorted = [...this.#tiles.values()].sort((a, b) => byName(a.session, b.session));
    const focused = document.activeElement;
    let next: Element | null = null;
    for (const { element } of sorted.reverse()) {
      const stays =
        element.isConnected && (element.nextElementSibling === next || element.contains(focused));
      if (!stays) this.#element.insertBefore(element, next);
      next = element;
    }
  }

  #fit(): void {
    const count = this.#most || this.#tiles.size;
    const { left, top } = this.#element.getBoundingClientRect();
    const space = this.#element.parentElement?.clientWidth ?? innerWidth - left;
    const gap = Number.parseFloat(getComputedStyle(this.#element).columnGap) || 0;
    const height = document.documentElement.clientHeight - (top + scrollY) - gap;
    const { columns, width } = bestGrid(count, space, height, gap);
    this.#element.style.setProperty('--columns', String(columns));
    this.#element.style.setProperty('--tile', `${width}px`);
  }

  remove(sessionId: string): void {
    this.#tiles.get(sessionId)?.dispose();
    this.#tiles.delete(sessionId);
  }

  /** Ends every connection. */
  clear(): void {
    for (const id of [...this.#tiles.keys()]) this.remove(id);
  }

  /** After the language changed too. */
  repaint(): void {
    this.#sort();
    for (const tile of this.#tiles.values()) {
      tile.picture.repaint();
      tile.refresh();
    }
  }

  /** The tile so many places after this one, round the end; undefined when this one is gone. */
  after(tile: Tile, places: number): Tile | undefined {
    const { tiles } = this;
    return tiles.at((tiles.indexOf(tile) + places) % tiles.length);
  }

  #add(session: Session, key: string): void {
    const tile = new Tile(session, key, this.#filter, this.#owner);
    this.#tiles.set(session.session_id, tile);
    tile.refresh();
  }
}
