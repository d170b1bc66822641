// Screens for docs/images, from a real terminal: each command is typed into tmux, and what it shows is written as a png.
//   node scripts/screens.mjs                              writes all of them
//   node scripts/screens.mjs make models                  writes these
//   node scripts/screens.mjs 100x30 x.png anyimage …      writes what a command of yours shows, into a file of yours
// Needs the built packages, tmux and a font that has the letters (SCREEN_FONT names the file of another one). Services are imitated, and
// take their time. By hand: nothing else runs it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './run.mjs';
import { drawScreen } from './screens/draw-screen.mjs';
import { screens } from './screens/list.mjs';
import { startServices } from './screens/services.mjs';

/** Of the terminal at work: each has a server of its own. */
let socket = '';
let taken = 0;
const longestMs = 30_000;

await takeAll(process.argv.slice(2));

async function takeAll([first, ...others]) {
  const services = await startServices();
  const person = mkdtempSync(join(tmpdir(), 'anyimage-screen-'));
  try {
    const size = /^(\d+)x(\d+)$/.exec(first ?? '');
    if (size) {
      const [file, ...words] = others;
      await take({ columns: Number(size[1]), rows: Number(size[2]), type: words.join(' ') }, resolve(file), {
        services,
        person,
      });
      return;
    }
    const folder = join(root, 'docs', 'images');
    mkdirSync(folder, { recursive: true });
    const chosen = first === undefined ? screens : screens.filter(({ name }) => [first, ...others].includes(name));
    if (chosen.length === 0) throw new Error(`no such screen; there are ${screens.map(({ name }) => name).join(', ')}`);
    for (const screen of chosen) await take(screen, join(folder, `${screen.name}.png`), { services, person });
  } finally {
    rmSync(person, { recursive: true, force: true });
    await services.close();
  }
}

/** Types a command and writes what the terminal shows: once `until` is to be seen, else when the command is over. */
async function take({ columns, rows, type, before = [], until, env = {} }, file, { services, person }) {
  const work = join(person, 'pictures');
  mkdirSync(work, { recursive: true });
  const path = `${join(root, 'node_modules/node/bin')}:${process.env.PATH}`;
  const bin = join(person, 'bin');
  mkdirSync(bin, { recursive: true });
  const program = join(root, 'apps/cli/dist/anyimage.js');
  writeFileSync(join(bin, 'anyimage'), `#!/bin/sh\nexec node '${program}' "$@"\n`, { mode: 0o755 });
  const own = {
    ...services.env,
    HOME: person,
    ANYIMAGE_HOME: join(person, 'home'),
    ANYIMAGE_KEYCHAIN: 'off',
    COLORTERM: 'truecolor',
    LANG: 'C.UTF-8',
    PATH: `${bin}:${path}`,
    PS1: '$ ',
    ...env,
  };
  const words = Object.entries(own).map(([name, value]) => `${name}=${value}`);
  const shell = ['env', '-i', 'TERM=xterm-256color', ...words, 'sh'];
  socket = `anyimage-screens-${process.pid}-${taken++}`;
  tmux('-f', '/dev/null', 'new-session', '-d', '-s', 's', '-x', columns, '-y', rows, '-c', work, ...shell);
  try {
    await seen(/^\$ ?$/m);
    for (const line of before) {
      send(`${line} >/dev/null 2>&1`);
      await over();
    }
    if (before.length > 0) await over();
    send('clear');
    await seen(/^\s*\$\s*$/);
    send(type);
    await (until ? seen(until) : over());
    const shown = tmux('capture-pane', '-e', '-p', '-t', 's');
    const { png, kB } = await drawScreen(shown, { columns, rows });
    writeFileSync(file, png);
    process.stdout.write(`${file}  ${kB} kB\n`);
  } finally {
    tmux('kill-server');
  }
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
