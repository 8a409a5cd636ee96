import { find } from './element.js';

const storageName = 'framebus.theme';
const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** The button that goes from the system's colours to light, to dark, and round; the choice is kept. */
export function startTheme(): void {
  const button = find(document, '#theme', HTMLButtonElement);
  let theme = themes.find((known) => known === localStorage.getItem(storageName)) ?? 'auto';
  wear(theme, button);
  button.addEventListener('click', () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto';
    localStorage.setItem(storageName, theme);
    wear(theme, button);
  });
}

function wear(theme: Theme, button: HTMLButtonElement): void {
  document.documentElement.dataset['theme'] = theme;
  button.textContent = `Colours: ${theme}`;
}
