import { readlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { freePort, repositoryFile } from '@framebus/test';
import t from 'tap';
import { framebus } from './framebus.js';

t.test('npx finds it in the repository', async (t) => {
  const link = await readlink(repositoryFile('node_modules/.bin/framebus'));
  t.match(link, /cli\/bin\/framebus\.js$/);
});

t.test('help and version are no wrong calls', async (t) => {
  for (const [args, words] of [
    [['--help'], /^Usage: framebus \[options\]/],
    [['help'], /^Usage: framebus \[options\]/],
    [['help', 'watch'], /^Usage: framebus watch/],
    [['start', '-h'], /^Usage: framebus start [^]*Global Options:[^]*--json/],
    [['--version'], /^\d+\.\d+\.\d+\n$/],
  ] as const) {
    const { code, stdout, stderr } = await framebus(args);
    t.match({ code, stderr }, { code: 0, stderr: '' }, args.join(' '));
    t.match(stdout, words);
  }
});

t.test('a wrong call ends with 2 and says what is right', async (t) => {
  const calls: [string[], RegExp][] = [
    [[], /^Usage: framebus/],
    [['strt'], /unknown command 'strt'\n\(Did you mean start\?\)/],
    [
      ['start', 'rtsp://h/c', '--fps', 'fast'],
      /--fps <number>.*'fast' is invalid. Expected a number/,
    ],
    [['stop', 'a b'], /Expected 1 to 64 of A-Z a-z 0-9 _ -/],
    [['detections', 'a', '--since', 'noon'], /Expected how long ago, such as 10m/],
    [['tap', 'a..b'], /Expected a NATS subject/],
    [
      ['sessions', '--url', 'ftp://host'],
      /--url or FRAMEBUS_URL "ftp:\/\/host" is not right: expected .*http:\/\//,
    ],
    [['sessions', '--url', 'http://camera.example:8000'], /no API key for http:\/\/camera/],
  ];
  for (const [args, words] of calls) {
    const { code, stdout, stderr } = await framebus(args);
    t.equal(code, 2, args.join(' '));
    t.match(stderr, words);
    t.equal(stdout, '');
  }
});

t.test('a server that is not there ends a command with 3', async (t) => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = { FRAMEBUS_URL: url, NATS_URL: url.replace('http', 'nats') };
  const ends = [
    await framebus(['health'], env),
    await framebus(['watch', 'a'], env),
    await framebus(['tap', 'a'], env),
  ];
  for (const { code, stderr } of ends) {
    t.equal(code, 3);
    t.match(stderr, /^framebus: cannot reach .*: nothing listens there\. .* says where/);
    t.equal(stderr.split('\n').length, 2, 'in one line');
  }
});

t.test('a server that is not framebus ends a command with 1', async (t) => {
  const server = createServer((_request, response) => response.end('<html>')).listen(0);
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const { code, stderr } = await framebus(['sessions', '--url', url]);
  t.equal(code, 1);
  t.match(stderr, /is --url the address of a framebus gateway\?/);
});
