import { find } from './element.js';

/** A dialog that its button, Escape and a press beside it close. */
export function closable(selector: string): HTMLDialogElement {
  const dialog = find(document, selector, HTMLDialogElement);
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog) dialog.close();
  });
  find(dialog, '.close', HTMLButtonElement).addEventListener('click', () => dialog.close());
  return dialog;
}
