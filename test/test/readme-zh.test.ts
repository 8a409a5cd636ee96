import { readFile } from 'node:fs/promises';
import { repositoryFile } from '@framebus/test';
import t from 'tap';
import { behind, outlineOf } from './outline.js';
import { withSettings } from './settings-tables.js';

const original = await readFile(repositoryFile('README.md'), 'utf8');
const chinese = await readFile(repositoryFile('README.zh-CN.md'), 'utf8');

t.test('README.zh-CN.md has the headings, code blocks and tables of README.md', async (t) => {
  const found = behind(outlineOf(original), outlineOf(chinese), 'README.zh-CN.md');
  t.same(found, [], 'README.zh-CN.md has not fallen behind');
});

t.test('the tables of settings of README.zh-CN.md equal the code', async (t) => {
  t.equal(chinese, withSettings(chinese, 'zh'), 'npm run docs writes all but the words');
});

t.test('each README links the other in its first lines', async (t) => {
  const first = (text: string) => text.split('\n').slice(0, 4).join('\n');
  t.match(first(original), '](README.zh-CN.md)');
  t.match(first(chinese), '](README.md)');
});

t.test('a translation that has fallen behind is told where', async (t) => {
  const text = '# A\n\n## B\n\n```sh\nls # all\n```\n\n| a | b |\n|---|---|\n| `x` | `1` |\n';
  const told = (translation: string) => behind(outlineOf(text), outlineOf(translation), 'zh');
  t.same(told(text.replace('# all', '# 全部').replace('## B', '## 乙')), []);
  t.same(told(text.replace('## B', '### B')), ['heading 2 ("## B"): level 3 in place of 2']);
  t.same(told(text.replace('ls', 'ls -l')), [
    'code block 1 (under "## B"): "ls -l" in place of "ls"',
  ]);
  t.same(told(text.replace('`1`', '`2`')), [
    'table 1 (under "## B"): "`x` | `2`" in place of "`x` | `1`"',
  ]);
  t.same(told(text.replace('## B\n\n', '')), [
    'zh has 1 headings, the original 2',
    'heading 2 ("## B"): is missing',
  ]);
});
