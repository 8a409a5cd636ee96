import type { Classes } from './classes.js';
import { copyOf, find, setText } from './element.js';
import type { Filter } from './filter.js';

/** The slider of confidence and a check box for each class seen so far. */
export class FilterForm {
  readonly #root = find(document, '#filter', HTMLElement);
  readonly #list = find(this.#root, '.classes', HTMLElement);
  readonly #filter: Filter;
  readonly #classes: Classes;

  constructor(filter: Filter, classes: Classes) {
    this.#filter = filter;
    this.#classes = classes;
    const slider = find(this.#root, 'input[type=range]', HTMLInputElement);
    const shown = find(this.#root, 'output', HTMLOutputElement);
    slider.addEventListener('input', () => {
      filter.minConfidence = slider.valueAsNumber;
      setText(shown, slider.valueAsNumber.toFixed(2));
    });
    for (const name of ['labels', 'trails'] as const) {
      const box = this.#box(name);
      box.addEventListener('change', () => {
        filter[name] = box.checked;
      });
    }
    this.#button('.all', true);
    this.#button('.none', false);
  }

  toggle(name: 'labels' | 'trails'): void {
    this.#box(name).click();
  }

  /** Writes the check boxes again, after classes came in. */
  refresh(): void {
    const names = this.#classes.names();
    find(this.#root, '.hint', HTMLElement).hidden = names.length > 0;
    find(this.#root, '.pick', HTMLElement).hidden = names.length < 2;
    const known = new Map(
      [...this.#list.children].map((row) => [(row as HTMLElement).dataset['class'], row]),
    );
    this.#list.replaceChildren(...names.map((name) => known.get(name) ?? this.#row(name)));
  }

  #box(name: 'labels' | 'trails'): HTMLInputElement {
    return find(this.#root, `[name="${name}"]`, HTMLInputElement);
  }

  #row(name: string): HTMLElement {
    const row = copyOf('class');
    row.dataset['class'] = name;
    const box = find(row, 'input', HTMLInputElement);
    box.checked = this.#filter.shows(name);
    box.addEventListener('change', () => this.#filter.show([name], box.checked));
    const label = find(row, '.swatch', HTMLElement);
    label.style.setProperty('--swatch', this.#classes.colourOf(name) ?? '');
    setText(label, name);
    return row;
  }

  #button(selector: string, wanted: boolean): void {
    find(this.#root, selector, HTMLButtonElement).addEventListener('click', () => {
      for (const box of this.#list.querySelectorAll('input')) box.checked = wanted;
      this.#filter.show(this.#classes.names(), wanted);
    });
  }
}
