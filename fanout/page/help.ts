import { find } from './element.js';
import { t } from './language.js';

/** The lines of the empty wall: they name this host, and can be copied. */
export function startHelp(): void {
  const line = find(document, '#empty pre code', HTMLElement);
  const button = find(document, '#empty .copy', HTMLButtonElement);
  line.textContent = line.textContent.replace('localhost', location.hostname);
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(line.textContent);
    button.textContent = t('copied');
    setTimeout(() => {
      button.textContent = t('copy');
    }, 2000);
  });
}
