import { settings as relay } from '@framebus/compose/dist/src/relay/settings.js';
import { settings as local } from '@framebus/compose/dist/src/settings.js';
import { commonSettings, natsSettings, type Settings } from '@framebus/contract/service';
import { settings as detector } from '@framebus/detector/dist/src/settings.js';
import { settings as fanout } from '@framebus/fanout/dist/src/settings.js';
import { settings as gateway } from '@framebus/gateway/dist/src/settings.js';
import { settings as ingest } from '@framebus/ingest/dist/src/settings.js';
import { settings as llm } from '@framebus/llm/dist/src/settings.js';
import { repositoryFile } from '@framebus/test';

/** Tables of settings in the order of the README. A setting that several services have is told once. */
const tables: [string, Settings][] = [
  ['npm start', local],
  ['Every process', commonSettings],
  ['ingest, detector and fanout', natsSettings],
  ['ingest', ingest],
  ['detector', detector],
  ['fanout', fanout],
  ['llm', llm],
  ['gateway', gateway],
  ['RTSP relay', relay],
];

/** Words of the tables by language; what is not in a list is told as it is in English. */
const words = {
  en: {},
  zh: {
    'Every process': '所有进程',
    'ingest, detector and fanout': 'ingest、detector 和 fanout',
    'RTSP relay': 'RTSP 中继',
    variable: '变量',
    default: '默认值',
    what: '说明',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;
export type Language = keyof typeof words;

/** @param abouts words of a translation for each variable, in place of the code's */
function settingsTables(language: Language, abouts: ReadonlyMap<string, string>): string {
  const told = new Set<string>();
  const word = (english: string) =>
    (words[language] as Readonly<Record<string, string>>)[english] ?? english;
  const head = `| ${['variable', 'default', 'what'].map(word).join(' | ')} |`;
  const sections = tables.map(([title, settings]) => {
    const rows = Object.values(settings)
      .filter(({ name }) => !told.has(name))
      .map(({ name, fallback, about }) => {
        told.add(name);
        const root = repositoryFile('');
        const shown = fallback?.startsWith(root) ? fallback.slice(root.length) : fallback;
        return `| \`${name}\` | ${shown ? `\`${shown}\`` : ''} | ${abouts.get(name) ?? about} |`;
      });
    return [`**${word(title)}**`, '', head, '|---|---|---|', ...rows].join('\n');
  });
  return `${sections.join('\n\n')}\n`;
}

/**
 * The README with its tables of settings as the code has them. In a translation the words about a variable stay as
 * they are; a new variable comes in English.
 */
export function withSettings(readme: string, language: Language = 'en'): string {
  const begin = readme.indexOf('\n', readme.indexOf('<!-- settings:')) + 1;
  const end = readme.indexOf('\n## ', begin);
  const rows = readme.slice(begin, end).matchAll(/^\| `(\w+)` \| [^|]*\| (.+) \|$/gm);
  const abouts = [...rows].map(([, name = '', about = '']) => [name, about] as const);
  const kept = language === 'en' ? [] : abouts;
  const written = settingsTables(language, new Map(kept));
  return `${readme.slice(0, begin)}\n${written}${readme.slice(end)}`;
}
