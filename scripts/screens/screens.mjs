// Screens for docs/images, from a real terminal: each command is typed into tmux, and what it shows is written as a png.
//   node scripts/screens/screens.mjs                              writes all of them
//   node scripts/screens/screens.mjs make models                  writes these
//   node scripts/screens/screens.mjs 100x30 x.png anyimage …      writes what a command of yours shows, into a file of yours
// Needs the built packages, tmux and a font that has the letters (SCREEN_FONT names the file of another one). Services are imitated, and
// take their time. By hand: nothing else runs it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../run.mjs';
import { drawScreen } from './draw-screen.mjs';
import { screens } from './list.mjs';
import { startServices } from './services.mjs';

const images = join(root, 'docs', 'images');
const program = join(root, 'apps', 'cli', 'dist', 'anyimage.js');
const longestMs = 30_000;
/** Of the terminal at work: each has a server of its own. */
let socket = '';
let taken = 0;

const services = await startServices();
try {
  await takeAll(process.argv.slice(2));
} finally {
  await services.close();
}

async function takeAll([first, ...others]) {
  const size = /^(\d+)x(\d+)$/.exec(first ?? '');
  if (size) {
    const [file, ...words] = others;
    const screen = { columns: Number(size[1]), rows: Number(size[2]), type: words.join(' ') };
    return take(screen, resolve(file));
  }
  const chosen = first === undefined ? screens : screens.filter(({ name }) => [first, ...others].includes(name));
  if (chosen.length === 0) throw new Error(`no such screen; there are ${screens.map(({ name }) => name).join(', ')}`);
  for (const screen of chosen) await take(screen, join(images, `${screen.name}.png`));
}

/** Types a command and writes what the terminal shows: once `until` is to be seen, else when the command is over. */
async function take({ columns, rows, type, before = [], files = {}, until, env = {} }, file) {
  const home = mkdtempSync(join(tmpdir(), 'home-'));
  const words = Object.entries({ ...environment(home), ...env }).map(([name, value]) => `${name}=${value}`);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, 'pictures', name), text);
  socket = `anyimage-screens-${process.pid}-${taken++}`;
  const window = ['-d', '-s', 's', '-x', columns, '-y', rows, '-c', join(home, 'pictures')];
  try {
    tmux('-f', '/dev/null', 'new-session', ...window, 'env', '-i', ...words, 'sh');
    await seen(/^\$ ?$/m);
    for (const line of before) {
      send(`${line} >/dev/null 2>&1`);
      await over();
    }
    send('clear');
    await seen(/^\s*\$\s*$/);
    send(type);
    await (until ? seen(until) : over());
    const { png, kB } = await drawScreen(tmux('capture-pane', '-e', '-p', '-t', 's'), { columns, rows });
    writeFileSync(file, png);
    process.stdout.write(`${file}  ${kB} kB\n`);
  } finally {
    tmux('kill-server');
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** What a person has who sits there for the first time. */
function environment(home) {
  mkdirSync(join(home, 'pictures'));
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin', 'anyimage'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, {
    mode: 0o755,
  });
  return {
    ...services.env,
    HOME: home,
    ANYIMAGE_HOME: join(home, 'anyimage'),
    ANYIMAGE_KEYCHAIN: 'off',
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    LANG: 'C.UTF-8',
    PATH: `${join(home, 'bin')}:${process.env.PATH}`,
    PS1: '$ ',
  };
}

function tmux(...words) {
  return execFileSync('tmux', ['-L', socket, ...words.map(String)], { encoding: 'utf8' });
}

function send(line) {
  tmux('send-keys', '-t', 's', '-l', line);
  tmux('send-keys', '-t', 's', 'Enter');
}

/** The prompt is back, on a line of its own at the end. */
async function over() {
  await sleep(300);
  await seen(/\n\$ ?\s*$/);
}

async function seen(pattern) {
  for (const started = Date.now(); Date.now() - started < longestMs; await sleep(50)) {
    if (pattern.test(`\n${tmux('capture-pane', '-p', '-t', 's').trimEnd()}`)) return;
  }
  throw new Error(`the terminal never showed ${pattern}:\n${tmux('capture-pane', '-p', '-t', 's')}`);
}
