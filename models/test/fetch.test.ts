import { readdir, readFile, writeFile } from 'node:fs/promises';
import t from 'tap';
import { fetching, someModel } from './fetching.js';
import { Hub, sha256, someBytes } from './hub.js';

t.test('a model is fetched from where the hub leads, and its licence is told first', async (t) => {
  await using hub = await Hub.start();
  const folder = t.testdir();
  const model = someModel(folder, { listedMegabytes: 0.3 });
  const said = await fetching(hub, model);
  t.same(hub.paths, ['/owner/some/resolve/main/onnx/model.onnx']);
  t.ok((await readFile(model.file)).equals(hub.content));
  t.same(await readdir(folder), ['some']);
  t.match(said, /^some: bytes\nlicence: Apache-2.0\nsize: {4}about 0.3 MB\nsource: {2}http:/);
  t.match(said, `SHA-256: ${sha256(hub.content)} (as the host tells it)`);
});

t.test('a model that is here is checked and not asked for again', async (t) => {
  await using hub = await Hub.start();
  const model = someModel(t.testdir());
  await fetching(hub, model);
  t.match(await fetching(hub, model), 'it is here already, whole');
  t.equal(hub.paths.length, 1);
});

t.test('a model that was damaged on the disk is fetched anew', async (t) => {
  await using hub = await Hub.start();
  const model = someModel(t.testdir());
  await fetching(hub, model);
  await writeFile(model.file, someBytes(300_000, 2));
  t.match(await fetching(hub, model), 'not the one that is wanted');
  t.ok((await readFile(model.file)).equals(hub.content));
});

t.test('a model that comes with framebus is not asked for', async (t) => {
  await using hub = await Hub.start();
  const { source: _, ...shipped } = someModel(t.testdir());
  t.match(await fetching(hub, shipped), 'some comes with framebus');
  t.same(hub.paths, []);
});

t.test('a file of which the host tells another hash is deleted', async (t) => {
  await using hub = await Hub.start();
  hub.linkedEtag = `"${'ab'.repeat(32)}"`;
  const folder = t.testdir();
  await t.rejects(fetching(hub, someModel(folder)), {
    code: 'HASH_MISMATCH',
    message: /^some: what came is not the file that the host promises, so it was deleted\n/,
    expected: 'ab'.repeat(32),
    found: sha256(hub.content),
  });
  t.same(await readdir(folder), []);
});

t.test('the hash in models.json wins over what the host tells', async (t) => {
  await using hub = await Hub.start();
  const folder = t.testdir();
  const pinned = someModel(folder, { sha256: 'cd'.repeat(32) });
  await t.rejects(fetching(hub, pinned), { message: 'models.json promises' });
  t.same(await readdir(folder), []);
  hub.linkedEtag = `"${'ab'.repeat(32)}"`;
  const model = someModel(folder, { sha256: sha256(hub.content) });
  t.match(await fetching(hub, model), '(as models.json has it)');
  t.ok((await readFile(model.file)).equals(hub.content));
});

t.test('a hash that only the host of the bytes tells counts as none', async (t) => {
  await using hub = await Hub.start();
  hub.linkedEtag = undefined;
  hub.etag = `"${sha256(hub.content)}"`;
  await t.rejects(fetching(hub, someModel(t.testdir())), { code: 'UNVERIFIED' });
});

t.test(
  'without any hash a file is refused, or taken unverified when that is asked for',
  async (t) => {
    await using hub = await Hub.start();
    hub.linkedEtag = undefined;
    const folder = t.testdir();
    const model = someModel(folder);
    await t.rejects(fetching(hub, model), { code: 'UNVERIFIED', message: '--allow-unverified' });
    t.same(await readdir(folder), []);
    t.match(await fetching(hub, model, { allowUnverified: true }), 'nobody vouches for it');
    t.match(await fetching(hub, model), 'here already, as it came, unverified');
  },
);

t.test('a file of another size than models.json tells is refused before it comes', async (t) => {
  await using hub = await Hub.start();
  const folder = t.testdir();
  await t.rejects(fetching(hub, someModel(folder, { bytes: 299_999 })), {
    code: 'SIZE_MISMATCH',
    message: 'the host has a file of 300000 bytes, models.json tells 299999',
  });
  t.same(await readdir(folder), []);
});

t.test('a file that the disk has no room for is refused before it comes', async (t) => {
  await using hub = await Hub.start();
  hub.claimedBytes = 1e15;
  const folder = t.testdir();
  await t.rejects(fetching(hub, someModel(folder)), {
    code: 'STORAGE',
    message: /^can not write to .*: 1000000\.0 GB are wanted and .* are free$/,
  });
  t.same(await readdir(folder), []);
});

t.test('a folder that can not be written to is told in words', async (t) => {
  await using hub = await Hub.start();
  const file = `${t.testdir({ file: '' })}/file`;
  await t.rejects(fetching(hub, someModel(file)), {
    code: 'STORAGE',
    message: `can not write to ${file}: a part of that path is a file`,
  });
  await t.rejects(fetching(hub, someModel('/sys/framebus')), {
    code: 'STORAGE',
    message: /^can not write to \/sys\/framebus: (this user may not|the disk is read-only)/,
  });
  t.same(hub.paths, []);
});

t.test('progress goes up to all of the file', async (t) => {
  await using hub = await Hub.start();
  const shown: string[] = [];
  await fetching(hub, someModel(t.testdir()), { onProgress: (text) => void shown.push(text) });
  t.match(shown[0], /^ {2}0 % {2}0 B of 300\.0 kB {2}/);
  t.match(shown.at(-1), /^100 % {2}300\.0 kB of 300\.0 kB {2}.*\/s\n$/);
});
