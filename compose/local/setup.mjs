// What `npm start` and `npm test` do before any package is there: plain JavaScript without dependencies.
// Installs the npm packages, ffmpeg and nats-server where they are missing, then compiles.
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
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['inherit', process.stderr, 'inherit'],
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

async function installPrograms() {
  const missing = ['ffmpeg', 'nats-server'].filter((program) => !find(program));
  if (missing.length === 0) return;
  const list = missing.join(' and ');
  const byHand =
    `${list} missing. Install: Debian, Ubuntu: apt-get install ${missing.join(' ')}; ` +
    `macOS: brew install ${missing.join(' ')}; else https://ffmpeg.org/download.html and https://nats.io/download`;
  if (!find('apt-get')) fail(byHand);
  const sudo = process.getuid?.() === 0 ? [] : find('sudo') ? ['sudo'] : fail(byHand);
  const commands = [
    [...sudo, 'apt-get', 'update', '-qq'],
    [...sudo, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...missing],
  ];
  const lines = commands.map((command) => command.join(' ')).join(' && ');
  if (sudo.length > 0 && process.stdin.isTTY) {
    const ask = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await ask.question(`framebus: ${list} missing. Run: ${lines} ? [Y/n] `);
    ask.close();
    if (!/^(y(es)?)?$/i.test(answer.trim())) fail(byHand);
  } else {
    say(`${list} missing. Running: ${lines}`);
  }
  process.env.DEBIAN_FRONTEND = 'noninteractive';
  for (const [command, ...args] of commands) run(command, args);
}

checkNode();
installPackages();
await installPrograms();
say('compiling');
run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--build'], { quiet: true });
