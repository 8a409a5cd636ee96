/** The element for `selector`, which the page's HTML promises. @throws when it is not there. */
export function find<T extends Element>(root: ParentNode, selector: string, type: new () => T): T {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`${selector}: expected a ${type.name} in the page`);
  return found;
}

/** A copy of the first element in `<template id="…">`. */
export function copyOf(templateId: string): HTMLElement {
  const template = find(document, `template#${templateId}`, HTMLTemplateElement);
  const first = template.content.firstElementChild;
  if (first === null) throw new Error(`template ${templateId} is empty`);
  return document.importNode(first, true) as HTMLElement;
}

/** A new element with text in it. */
export function text(tag: string, content: string, className = ''): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = content;
  element.className = className;
  return element;
}

/** Sets the text only when it differs, so that nothing is laid out or read aloud again for nothing. */
export function setText(element: Element, content: string): void {
  if (element.textContent !== content) element.textContent = content;
}
