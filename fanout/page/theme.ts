import { find } from './element.js';

const storageName = 'framebus.theme';
const themes = ['auto', 'light', 'dark'];

/** The choice of colours: the system's, light or dark; it is kept. */
export function startTheme(): void {
  const select = find(document, '#theme', HTMLSelectElement);
  const wear = () => {
    document.documentElement.dataset['theme'] = select.value;
  };
  const kept = localStorage.getItem(storageName) ?? 'auto';
  select.value = themes.includes(kept) ? kept : 'auto';
  wear();
  select.addEventListener('change', () => {
    localStorage.setItem(storageName, select.value);
    wear();
  });
}
