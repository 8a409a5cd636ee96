import { find } from './element.js';
import { en, type TextKey, type Texts } from './texts-en.js';
import { zh } from './texts-zh.js';

const storageName = 'framebus.language';
const tables = { en, zh } as const satisfies Record<string, Texts>;
type Language = keyof typeof tables;
const names: Readonly<Record<Language, string>> = { en: 'English', zh: '中文' };
const tags: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-CN' };
const attributes = ['aria-label', 'title', 'placeholder'] as const;

const agoUnits = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

let language: Language = 'en';
const collators: { [L in Language]?: Intl.Collator } = {};

type Values = Readonly<Record<string, string | number>>;

/** Words in the language of the page. */
export function t(key: TextKey, values: Values = {}): string {
  return tables[language][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(values[name] ?? whole),
  );
}

type Counted = { [K in TextKey]: K extends `${infer Base}.one` ? Base : never }[TextKey];

/** Words that depend on a count, which is `{n}` in them. */
export function tCount(key: Counted, n: number, values: Values = {}): string {
  return t(`${key}.${n === 1 ? 'one' : 'other'}`, { n, ...values });
}

/** A text whose key is put together; `otherwise` where there is none, or where a value in it is not given. */
export function tKnown(key: string, values: Values, otherwise: string): string {
  if (!Object.hasOwn(en, key)) return otherwise;
  const names = [...tables[language][key as TextKey].matchAll(/\{(\w+)\}/g)];
  if (names.some(([, name = '']) => !Object.hasOwn(values, name))) return otherwise;
  return t(key as TextKey, values);
}

/** `14:03:20` */
export function clock(ms: number): string {
  return new Date(ms).toLocaleTimeString(tags[language], { hourCycle: 'h23' });
}

export function dateAndClock(ms: number): string {
  return new Date(ms).toLocaleString(tags[language]);
}

/** `12 seconds ago`, `3 minutes ago`, `2 days ago`, and their like. */
export function ago(ms: number): string {
  const s = Math.max(ms, 0) / 1000;
  const format = new Intl.RelativeTimeFormat(tags[language], { numeric: 'auto' });
  const [unit, seconds] = agoUnits.find(([, most]) => s >= most) ?? (['second', 1] as const);
  return format.format(-Math.floor(s / seconds), unit);
}

/** Less, equal or more than 0 as people sort names: `camera 2` comes before `camera 10`. */
export function compareWords(a: string, b: string): number {
  const collator = (collators[language] ??= new Intl.Collator(tags[language], { numeric: true }));
  return collator.compare(a, b);
}

/** Puts words into elements with `data-t`, and into attributes by `data-t-title` and its like. */
export function translate(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-t]')) {
    const words = t(element.dataset['t'] as TextKey, { n: element.dataset['n'] ?? '' });
    if (element.textContent !== words) element.textContent = words;
  }
  for (const name of attributes) {
    for (const element of root.querySelectorAll(`[data-t-${name}]`)) {
      element.setAttribute(name, t(element.getAttribute(`data-t-${name}`) as TextKey));
    }
  }
}

/** What is written from now on is in that language. */
export function speak(wanted: Language): void {
  language = wanted;
}

/** The language kept from before, else the browser's first that is known, and the choice of another. */
export function startLanguage(changed: () => void): void {
  const select = find(document, '#language', HTMLSelectElement);
  const wanted = [localStorage.getItem(storageName) ?? '', ...navigator.languages];
  const known = Object.keys(tables) as Language[];
  speak(wanted.map((tag) => known.find((name) => tag.startsWith(name))).find(Boolean) ?? 'en');
  select.replaceChildren(
    ...known.map((name) => new Option(names[name], name, false, name === language)),
  );
  const write = () => {
    document.documentElement.lang = tags[language];
    translate(document);
    for (const template of document.querySelectorAll('template')) translate(template.content);
  };
  select.addEventListener('change', () => {
    speak(select.value as Language);
    localStorage.setItem(storageName, language);
    write();
    changed();
  });
  write();
}
