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

function settingsTables(): string {
  const told = new Set<string>();
  const sections = tables.map(([title, settings]) => {
    const rows = Object.values(settings)
      .filter(({ name }) => !told.has(name))
      .map(({ name, fallback, about }) => {
        told.add(name);
        const root = repositoryFile('');
        const shown = fallback?.startsWith(root) ? fallback.slice(root.length) : fallback;
        return `| \`${name}\` | ${shown ? `\`${shown}\`` : ''} | ${about} |`;
      });
    return [`**${title}**`, '', '| variable | default | what |', '|---|---|---|', ...rows].join(
      '\n',
    );
  });
  return `${sections.join('\n\n')}\n`;
}

/** The README with its tables of settings as the code has them. */
export function withSettings(readme: string): string {
  const begin = readme.indexOf('\n', readme.indexOf('<!-- settings:')) + 1;
  const end = readme.indexOf('\n## ', begin);
  return `${readme.slice(0, begin)}\n${settingsTables()}${readme.slice(end)}`;
}
