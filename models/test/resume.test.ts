import { readdir, readFile } from 'node:fs/promises';
import { until } from '@framebus/test';
import t from 'tap';
import { fetching, partBytes, someModel } from './fetching.js';
import { Hub, sha256, someBytes } from './hub.js';

t.test('a download that breaks off goes on from there', async (t) => {
  await using hub = await Hub.start();
  hub.cuts.push(100_000, 50_000);
  const model = someModel(t.testdir());
  const said = await fetching(hub, model);
  const [first, second, third] = hub.asked;
  t.notOk(first?.range);
  t.match(second, { range: 'bytes=100000-', 'if-range': '"v1"' });
  t.match(third, { range: 'bytes=150000-', 'if-range': '"v1"' });
  t.match(said, /broke off after 100000 bytes: .*; trying again in 0\.0 s/);
  t.ok((await readFile(model.file)).equals(hub.content));
});

t.test('what came of a fetch that failed waits beside the model for the next one', async (t) => {
  await using hub = await Hub.start();
  hub.cuts.push(100_000);
  const folder = t.testdir();
  const model = someModel(folder);
  await t.rejects(fetching(hub, model, { tries: 1 }), { code: 'TRANSFER_BROKEN' });
  t.same(await readdir(folder), ['some.part']);
  t.match(await fetching(hub, model), '100.0 kB of it are here already');
  t.match(hub.asked[1], { range: 'bytes=100000-' });
  t.ok((await readFile(model.file)).equals(hub.content));
  t.same(await readdir(folder), ['some']);
});

t.test('a fetch that is stopped leaves what came', async (t) => {
  await using hub = await Hub.start();
  hub.stalls.push(100_000);
  const folder = t.testdir();
  const model = someModel(folder);
  const stop = new AbortController();
  const fetched = fetching(hub, model, { signal: stop.signal });
  const stopped = t.rejects(fetched, { name: 'AbortError' });
  await until('bytes came', async () => (await partBytes(folder)) === 100_000);
  stop.abort();
  await stopped;
  t.same(await readdir(folder), ['some.part']);
  await fetching(hub, model);
  t.match(hub.asked[1], { range: 'bytes=100000-' });
});

t.test('a host that falls silent is asked again for the rest', async (t) => {
  await using hub = await Hub.start();
  hub.stalls.push(100_000);
  const model = someModel(t.testdir());
  await fetching(hub, model, { timeoutMs: 300 });
  t.match(hub.asked[1], { range: 'bytes=100000-' });
  t.ok((await readFile(model.file)).equals(hub.content));
});

t.test('a host that gives the whole file instead of the rest is taken at that', async (t) => {
  await using hub = await Hub.start();
  hub.ranges = false;
  hub.cuts.push(100_000);
  const model = someModel(t.testdir());
  await fetching(hub, model);
  t.match(hub.asked[1], { range: 'bytes=100000-' });
  t.ok((await readFile(model.file)).equals(hub.content));
});

for (const conditions of [true, false]) {
  const heeds = conditions ? 'heeds' : 'ignores';
  t.test(`a file that changed is begun anew, from a host that ${heeds} If-Range`, async (t) => {
    await using hub = await Hub.start();
    hub.conditions = conditions;
    hub.cuts.push(100_000);
    const model = someModel(t.testdir());
    await t.rejects(fetching(hub, model, { tries: 1 }), { code: 'TRANSFER_BROKEN' });
    hub.content = someBytes(300_000, 2);
    hub.etag = '"v2"';
    hub.linkedEtag = `"${sha256(hub.content)}"`;
    await fetching(hub, model);
    t.ok((await readFile(model.file)).equals(hub.content));
    t.equal(hub.asked.length, conditions ? 2 : 3);
  });
}

t.test('where no hash is told, another entity tag is another file', async (t) => {
  await using hub = await Hub.start();
  hub.linkedEtag = undefined;
  hub.conditions = false;
  hub.cuts.push(100_000);
  const model = someModel(t.testdir());
  const how = { tries: 1, allowUnverified: true };
  await t.rejects(fetching(hub, model, how), { code: 'TRANSFER_BROKEN' });
  hub.content = someBytes(300_000, 2);
  hub.etag = '"v2"';
  await fetching(hub, model, how);
  t.ok((await readFile(model.file)).equals(hub.content));
});

t.test('bytes that nothing could vouch for are not gone on with', async (t) => {
  await using hub = await Hub.start();
  hub.etag = 'W/"v1"';
  hub.linkedEtag = undefined;
  hub.cuts.push(100_000);
  const model = someModel(t.testdir());
  await fetching(hub, model, { allowUnverified: true });
  t.notOk(hub.asked[1]?.range);
  t.ok((await readFile(model.file)).equals(hub.content));
});

t.test('a fetch that ended after the last byte asks for no byte again', async (t) => {
  await using hub = await Hub.start();
  hub.claimedBytes = 300_001;
  hub.cuts.push(300_000);
  const model = someModel(t.testdir());
  await t.rejects(fetching(hub, model, { tries: 1 }), { code: 'TRANSFER_BROKEN' });
  hub.claimedBytes = undefined;
  await fetching(hub, model);
  t.match(hub.asked.at(-1), { range: 'bytes=300000-' });
  t.ok((await readFile(model.file)).equals(hub.content));
});

t.test('a missing file is not asked for twice', async (t) => {
  await using hub = await Hub.start();
  hub.refusals.push({ status: 404 });
  await t.rejects(fetching(hub, someModel(t.testdir())), {
    code: 'HOST_ANSWER',
    status: 404,
    message: /answered 404, there is no such file or revision: http/,
  });
  t.equal(hub.paths.length, 1);
});

t.test('a host in trouble is asked again, a few times', async (t) => {
  await using hub = await Hub.start();
  hub.refusals.push({ status: 500 }, { status: 503 });
  await fetching(hub, someModel(t.testdir()), { tries: 3 });
  hub.refusals.push({ status: 500 }, { status: 503 }, { status: 502 });
  await t.rejects(fetching(hub, someModel(t.testdir()), { tries: 3 }), {
    code: 'HOST_ANSWER',
    message: 'answered 502',
  });
  t.equal(hub.paths.length, 6);
});

t.test('a host that asks to wait is waited for', async (t) => {
  await using hub = await Hub.start();
  hub.refusals.push({ status: 429, headers: { 'retry-after': '1' } });
  const before = performance.now();
  await fetching(hub, someModel(t.testdir()));
  t.ok(performance.now() - before >= 990);
});

t.test('a host that leads round and round, or off the web, is not followed', async (t) => {
  await using hub = await Hub.start();
  const model = someModel(t.testdir());
  hub.refusals.push({ status: 302, headers: { location: 'ftp://127.0.0.1/model.onnx' } });
  await t.rejects(fetching(hub, model), { code: 'REDIRECT_REFUSED', message: 'is not safe' });
  for (let i = 0; i < 10; i++) hub.refusals.push({ status: 307, headers: { location: '/again' } });
  await t.rejects(fetching(hub, model), { code: 'REDIRECT_REFUSED', message: 'on and on' });
  t.equal(hub.paths.length, 7);
});
