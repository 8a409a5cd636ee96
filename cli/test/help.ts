import { repositoryFile } from '@framebus/test';
import type { Command } from 'commander';
import { Output } from '../src/output.js';
import { createProgram } from '../src/program.js';

export const helpFile = repositoryFile('docs/cli.md');

/** Sections with each command's help, at a width of 100. */
function helpSections(): string {
  const program = createProgram(
    {
      output: new Output(process.stdout, () => {}),
      say() {},
      env: {},
      signal: new AbortController().signal,
      exitCode: 0,
    },
    () => {},
  );
  const section = (title: string, command: Command) => {
    command.configureOutput({ getOutHelpWidth: () => 100, getOutHasColors: () => false });
    return `### ${title}\n\n\`\`\`\n${command.helpInformation().trimEnd()}\n\`\`\`\n`;
  };
  const rest = program.commands.map((command) => section(command.name(), command));
  return [section('framebus', program), ...rest].join('\n');
}

/** docs/cli.md with the help of the commands as the code has it. */
export function withHelp(markdown: string): string {
  const begin = markdown.indexOf('\n', markdown.indexOf('<!-- help:')) + 1;
  const end = markdown.indexOf('\n## ', begin);
  return `${markdown.slice(0, begin)}\n${helpSections()}${markdown.slice(end)}`;
}
