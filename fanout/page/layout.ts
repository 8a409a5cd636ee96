import { find } from './element.js';

const storageName = 'framebus.layout';

/** How many cameras are at once on the wall: a number, or 0 for all. */
export interface Layout {
  choose(value: string): void;
}

/** The choice of the layout; it is kept. `arrange` gets the number of cameras at once, 0 for all. */
export function startLayout(arrange: (most: number) => void): Layout {
  const select = find(document, '#layout', HTMLSelectElement);
  const choose = (value: string) => {
    select.value = value;
    if (select.value === '') select.value = 'auto';
    localStorage.setItem(storageName, select.value);
    arrange(Number(select.value) || 0);
  };
  select.addEventListener('change', () => choose(select.value));
  choose(localStorage.getItem(storageName) ?? 'auto');
  return { choose };
}
