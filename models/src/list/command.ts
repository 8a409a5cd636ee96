import { parseArgs } from 'node:util';
import { readSettings } from '@framebus/contract/service';
import { folderOf, settings } from '../fetch/settings.js';
import { sizeOf } from '../fetch/size.js';
import { isFetched, readModels } from '../models.js';
import { table } from './table.js';

const help = `Lists the models that framebus knows: npm run models:list
  npm -s run models:list -- --json   the same for programs`;

type Environment = Readonly<Record<string, string | undefined>>;

/** `npm run models:list`. @returns exit code: 0, or 2 for wrong words or settings */
export async function listCommand(args: readonly string[], env: Environment): Promise<number> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { help: { type: 'boolean' }, json: { type: 'boolean' } },
    });
    const { dir } = readSettings({ dir: settings.dir }, env);
    process.stdout.write(`${values.help ? help : await listed(folderOf(dir), values.json)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`models:list: ${(error as Error).message}\n`);
    return 2;
  }
}

async function listed(folder: string, json = false): Promise<string> {
  const models = await Promise.all(
    (await readModels(folder)).map(async (model) => ({
      ...model,
      fetched: await isFetched(model),
    })),
  );
  if (json) return JSON.stringify(models, null, 2);
  const rows = models.map((model) => [
    model.name,
    model.style,
    sizeOf(model),
    model.licence,
    model.source ? (model.fetched ? 'yes' : 'no') : 'comes with framebus',
  ]);
  return table([['name', 'style', 'size', 'licence', 'fetched'], ...rows]);
}
