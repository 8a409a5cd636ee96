import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { promisify } from 'node:util';
import { repositoryFile } from '@framebus/test';
import { type Row, table } from './row.js';

const results = repositoryFile('bench/RESULTS.md');
const intro = `# What \`npm run bench\` printed

\`models/nano\` where no other model is named, real nats-server, ffmpeg and sockets. Each table is of one run, at the commit and on the machine that it names: compare ratios, absolute figures differ from machine to machine.
`;

/** Puts the table of a measurement into bench/RESULTS.md, in the order of `names`, in place of its earlier one. */
export async function keep(names: readonly string[], name: string, rows: readonly Row[]) {
  const kept = tablesOf(await readFile(results, 'utf8'));
  kept.set(name, `${await where()}\n\n${table(rows)}`);
  const sections = names.flatMap((known) => {
    const text = kept.get(known);
    return text === undefined ? [] : [`## ${known}\n\n${text}\n`];
  });
  const notes = await readFile(repositoryFile('bench/notes.md'), 'utf8');
  await writeFile(results, [intro, ...sections, notes].join('\n'));
}

/** The text below each heading. */
function tablesOf(markdown: string): Map<string, string> {
  const sections = markdown.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const end = section.indexOf('\n');
      return [section.slice(0, end), section.slice(end).trim()];
    }),
  );
}

async function where(): Promise<string> {
  const changes = await git('status', '--porcelain', '--', '.', ':!bench/RESULTS.md');
  const commit = `${await git('rev-parse', '--short', 'HEAD')}${changes === '' ? '' : ' and changes'}`;
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim()})`;
  return `Commit ${commit}, ${machine}, Node ${process.versions.node}`;
}

async function git(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', args, { cwd: repositoryFile('.') });
  return stdout.trim();
}
