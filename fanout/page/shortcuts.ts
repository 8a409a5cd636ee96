import { find, text } from './element.js';
import type { FilterForm } from './filter-form.js';
import { t } from './language.js';
import type { Layout } from './layout.js';
import type { TextKey } from './texts-en.js';
import type { Wall } from './wall.js';

const layouts: Readonly<Record<string, string>> = { 0: 'auto', 1: '1', 2: '4', 3: '9', 4: '16' };
const list: readonly (readonly [keys: string, does: TextKey])[] = [
  ['← ↑ → ↓', 'keys.arrows'],
  ['Enter', 'keys.enter'],
  ['Esc', 'keys.escape'],
  ['0 1 2 3 4', 'keys.layout'],
  ['A', 'keys.add'],
  ['S', 'keys.system'],
  ['T', 'keys.trails'],
  ['L', 'keys.labels'],
  ['F', 'keys.full'],
  ['?', 'keys.help'],
];

export interface ShortcutTargets {
  readonly wall: Wall;
  readonly layout: Layout;
  readonly filterForm: FilterForm;
  readonly addCamera: () => void;
  readonly showSystem: () => void;
}

/** Keys for what the page does, and the list of them. They do nothing while something is typed or a dialog is open. */
export function startShortcuts(targets: ShortcutTargets): void {
  const help = find(document, '#help', HTMLDialogElement);
  const showHelp = () => {
    const rows = list.map(([keys, does]) => {
      const row = document.createElement('tr');
      const cell = document.createElement('td');
      cell.append(...keys.split(' ').flatMap((key) => [text('kbd', key), ' ']));
      row.append(cell, text('td', t(does)));
      return row;
    });
    find(help, 'tbody', HTMLElement).replaceChildren(...rows);
    help.showModal();
  };
  find(document, '#help-open', HTMLButtonElement).addEventListener('click', showHelp);
  find(help, '.close', HTMLButtonElement).addEventListener('click', () => help.close());

  document.addEventListener('keydown', (event) => {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    if (ctrlKey || metaKey || altKey || isTyping(target)) return;
    // Trails and labels are of use in the large view too.
    if (key === 't') return targets.filterForm.toggle('trails');
    if (key === 'l') return targets.filterForm.toggle('labels');
    if (key === 'f') return toggleFullScreen();
    if (document.querySelector('dialog[open]') !== null) return;
    const layout = layouts[key];
    if (layout !== undefined) return targets.layout.choose(layout);
    if (key.startsWith('Arrow')) return moveFocus(event, targets.wall);
    if (key === 'a') targets.addCamera();
    else if (key === 's') targets.showSystem();
    else if (key === '?') showHelp();
    else return;
    event.preventDefault();
  });
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && target.type !== 'checkbox';
}

/** From tile to tile; up and down go a row. From elsewhere the keys scroll, as always. */
function moveFocus(event: KeyboardEvent, { tiles }: Wall): void {
  const at = tiles.findIndex(({ element }) => element.contains(document.activeElement));
  if (at < 0) return;
  const top = tiles[at]?.element.offsetTop;
  const columns = Math.max(tiles.filter(({ element }) => element.offsetTop === top).length, 1);
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
  };
  const next = tiles[at + (steps[event.key] ?? 0)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function toggleFullScreen(): void {
  if (document.fullscreenElement !== null) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen().catch(() => {});
}
