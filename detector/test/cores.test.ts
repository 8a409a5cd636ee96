import { availableParallelism } from 'node:os';
import t from 'tap';
import { readCores } from '../src/cores.js';
import { threadsOf } from '../src/thread-share.js';

const all = availableParallelism();
/** A folder with what is in it. */
interface Files {
  [name: string]: string | Files;
}

/** The files of a Linux of which `readCores` reads, all of one kernel. */
const linux = (cgroup: string, groups: Files = {}) => ({
  proc: { sys: { kernel: { random: { boot_id: 'c1411761\n' } } }, self: { cgroup } },
  sys: { fs: { cgroup: groups } },
});
const v2 = (max: string, within: Files = {}) => ({ 'cpu.max': `${max}\n`, ...within });
const v1 = (quota: string) => ({
  cpu: { 'cpu.cfs_quota_us': `${quota}\n`, 'cpu.cfs_period_us': '100000\n' },
});

t.test('without a quota all cores count, and the whole machine shares them', async (t) => {
  const root = t.testdir({
    one: linux('0::/one\n'),
    other: linux('0::/other\n', v2('max 100000')),
    wide: linux('0::/\n', v2('99900000 100000')),
    open: linux('2:cpu:/\n', v1('-1')),
  });
  const found = ['one', 'other', 'wide', 'open'].map((name) => readCores(`${root}/${name}`));
  for (const { count, pool } of await Promise.all(found)) {
    t.equal(count, all);
    t.equal(pool, (await found[0])?.pool);
    t.match(pool, /^[0-9a-f]{16}$/);
  }
});

t.test('the smallest quota of the groups above counts, for its group alone', async (t) => {
  const within = { a: v2('50000 100000', { b: v2('80000 100000') }) };
  const root = t.testdir({
    two: linux('0::/a/b\n', v2('max 100000', within)),
    one: linux('2:cpu,cpuacct:/docker/x\n0::/\n', v1('25000')),
    none: linux('0::/\n'),
  });
  const [two, one, none] = await Promise.all([
    readCores(`${root}/two`),
    readCores(`${root}/one`),
    readCores(`${root}/none`),
  ]);
  t.same([two.count, one.count], [0.5, 0.25]);
  t.equal(new Set([two.pool, one.pool, none.pool]).size, 3);
});

t.test('half of the cores are divided, and each detector has a thread', async (t) => {
  t.same(
    [1, 2, 3, 8, 9].map((detectors) => threadsOf({ count: 16 }, detectors)),
    [8, 4, 2, 1, 1],
  );
  t.equal(threadsOf({ count: 0.5 }, 1), 1);
  t.equal(threadsOf({ count: 5.5 }, 1), 2);
});
