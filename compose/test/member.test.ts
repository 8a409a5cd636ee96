import { readFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import t from 'tap';
import { Member } from '../src/member.js';

t.test('a process gives way as far as it is told', async (t) => {
  const spec = { name: 'sleeper', command: 'sleep', args: ['60'], nice: 7 };
  const member = new Member(spec, t.testdir(), (words) => t.comment(words));
  member.start();
  t.teardown(() => member.stop());
  const { pid = 0 } = member;
  t.equal(getPriority(pid), 7);
  const group = await readFile(`/proc/${pid}/autogroup`, 'utf8').catch(() => '');
  // Empty where the kernel has no autogroups.
  t.match(group, /^(?:\/autogroup-\d+ nice 7\n)?$/);
});
