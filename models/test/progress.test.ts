import t from 'tap';
import { Progress } from '../src/fetch/progress.js';
import { formatBytes } from '../src/fetch/size.js';

t.test('a terminal gets a bar that is drawn over itself, no wider than the terminal', (t) => {
  const texts: string[] = [];
  const write = (text: string) => void texts.push(text);
  const progress = new Progress({ isTTY: true, columns: 40, write });
  progress.show(0, 2_000_000);
  progress.show(1, 2_000_000);
  progress.show(2_000_000, 2_000_000);
  progress.end();
  t.equal(texts.length, 3, 'not more often than eyes see');
  t.match(texts[0], /^\r\[\.{24}\] {3}0 % /);
  t.match(texts[1], /^\r\[#{24}\] 100 % /);
  for (const text of texts.slice(0, 2)) {
    t.ok(text.startsWith('\r') && text.endsWith('\u001b[K') && text.length <= 1 + 39 + 3);
  }
  t.equal(texts[2], '\n');
  t.end();
});

t.test('anything else gets a line for each tenth', (t) => {
  const lines: string[] = [];
  const progress = new Progress({ write: (text) => void lines.push(text) });
  for (let bytes = 0; bytes <= 1_000; bytes += 10) progress.show(bytes, 1_000);
  progress.end();
  t.same(
    lines.map((line) => line.slice(0, 5)),
    [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((n) => `${`${n}`.padStart(3)} %`),
  );
  t.end();
});

t.test('sizes are in decimal units', (t) => {
  t.same([999, 82_600_000, 10_058, 1.5e9].map(formatBytes), [
    '999 B',
    '82.6 MB',
    '10.1 kB',
    '1.5 GB',
  ]);
  t.end();
});
