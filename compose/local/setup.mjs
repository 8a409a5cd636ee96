// What `npm start` and `npm test` do before any package is there: plain JavaScript without dependencies.
// Installs the npm packages, ffmpeg and nats-server where they are missing (and what tests need, with --test), then compiles.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const say = (words) => process.stderr.write(`framebus: ${words}\n`);

function fail(words) {
  say(words);
  process.exit(1);
}

function run(command, args, { quiet = false } = {}) {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    stdio: quiet ? ['inherit', 'pipe', 'pipe'] : ['inherit', process.stderr, 'inherit'],
  });
  if (error || status !== 0) {
    if (quiet) process.stderr.write(Buffer.concat([stdout ?? Buffer.of(), stderr ?? Buffer.of()]));
    fail(`${[command, ...args].join(' ')} failed${error ? `: ${error.message}` : ''}`);
  }
}

function find(command) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  // Debian keeps servers where an ordinary user's PATH does not look.
  return [...folders, '/usr/sbin', '/usr/local/sbin'].some((folder) =>
    existsSync(join(folder, command)),
  );
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node ${process.versions.node} is too old: 20.19 or later is needed`);
  }
}

function installPackages() {
  const installed = join(root, 'node_modules/.package-lock.json');
  const wanted = join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  say('installing npm packages (npm ci)');
  run('npm', ['ci', '--no-progress', '--loglevel=error']);
}

/** The RTSP server that the tests hold ours against: GStreamer's, with what test/rtsp/gst_rtsp_server.py needs. */
const gstreamer = {
  packages: [
    ...['gir1.2-gst-rtsp-server-1.0', 'python3-gi'],
    ...['base', 'good', 'bad', 'ugly'].map((set) => `gstreamer1.0-plugins-${set}`),
  ],
  isThere: () =>
    spawnSync('/usr/bin/python3', [
      '-c',
      `import gi
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst, GstRtspServer
Gst.init(None)
assert all(map(Gst.ElementFactory.find, ["x264enc", "rtph264pay", "h264parse", "matroskademux"]))`,
    ]).status === 0,
};
const program = (name) => ({ packages: [name], isThere: () => find(name) });

async function installPrograms(needed) {
  const missing = needed.filter((one) => !one.isThere()).flatMap((one) => one.packages);
  if (missing.length === 0) return;
  const list = missing.join(' ');
  const byHand =
    `missing: ${list}. Install with apt-get install ${list} (Debian, Ubuntu), or with what your system has ` +
    '(macOS: brew install ffmpeg nats-server); else https://ffmpeg.org/download.html and https://nats.io/download';
  if (!find('apt-get')) fail(byHand);
  const sudo = process.getuid?.() === 0 ? [] : find('sudo') ? ['sudo'] : fail(byHand);
  const commands = [
    [...sudo, 'apt-get', 'update', '-qq'],
    [...sudo, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...missing],
  ];
  const lines = commands.map((command) => command.join(' ')).join(' && ');
  if (sudo.length > 0 && process.stdin.isTTY) {
    const ask = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await ask.question(`framebus: missing: ${list}. Run: ${lines} ? [Y/n] `);
    ask.close();
    if (!/^(y(es)?)?$/i.test(answer.trim())) fail(byHand);
  } else {
    say(`missing: ${list}. Running: ${lines}`);
  }
  process.env.DEBIAN_FRONTEND = 'noninteractive';
  // sudo may ask for a password on the terminal; what apt-get tells is shown only when it fails.
  for (const [command, ...args] of commands) run(command, args, { quiet: true });
}

checkNode();
installPackages();
/** What the detector decodes JPEGs with; without it, it takes another way, several times as long. */
const turboJpeg = {
  packages: ['libturbojpeg0'],
  isThere: () =>
    process.platform !== 'linux' ||
    spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout?.includes('libturbojpeg.so.0'),
};
const forTests = process.argv.includes('--test') ? [gstreamer] : [];
await installPrograms([program('ffmpeg'), program('nats-server'), turboJpeg, ...forTests]);
say('compiling');
run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--build'], { quiet: true });
