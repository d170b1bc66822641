// Pictures at a terminal: shown where there is one, and nothing in the way of who reads the output.

import { spawn, spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { newPerson, type Person, program } from './run-cli.ts';

let person: Person;
beforeAll(async () => {
  person = await newPerson({ TERM: 'xterm-256color', COLORTERM: 'truecolor', SSH_TTY: '/dev/pts/0' });
});

const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

/** What a terminal of 60x20 shows of a command line of the shell, in which `anyimage` stands for the program. */
function atTerminal(line: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const command = `stty cols 60 rows 20; anyimage() { '${process.execPath}' '${program}' "$@"; }; ${line}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: person.folder,
    env: { ...person.env, SHELL: '/bin/sh', ...env },
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  return new Promise((resolve) => child.on('close', () => resolve(shown.replaceAll('\r\n', '\n'))));
}

const draw = 'anyimage "a boat" --size 64x64 --seed 1';

describe.skipIf(!hasTerminal)('at a terminal', () => {
  test('the history shows its pictures above their ids, and says where none is left', async () => {
    await person.run('a boat', '--size', '64x64', '-o', 'shown/one.png');
    await person.run('a tree', '--size', '64x64', '-o', 'shown/two.png');
    const shown = await atTerminal('anyimage history --limit 2 --preview');
    const lines = shown.split('\n');
    const labels = lines.findIndex((line) => /^ *p-[0-9a-f]{8} +p-[0-9a-f]{8}$/.test(line));
    expect(labels).toBeGreaterThan(3);
    expect(lines[labels - 1]).toContain('▀');
    for (const id of lines[labels]!.trim().split(/ +/)) expect(shown.indexOf(id)).toBeLessThan(shown.indexOf('▀'));
    await rm(join(person.folder, 'shown'), { recursive: true });
    const gone = await atTerminal('anyimage history --limit 2 --preview');
    expect(gone).toContain('none of these pictures is there to be shown');
    expect(gone).not.toContain('▀');
  });

  test('a picture is shown above its path, no higher than the window', async () => {
    const shown = await atTerminal(draw);
    const lines = shown.slice(shown.lastIndexOf('\u001b[?25h')).split('\n');
    const blocks = lines.filter((line) => line.includes('▀'));
    expect(blocks).toHaveLength(14);
    expect(lines.at(-3)).toMatch(/^boat-\w+\.png$/);
    expect(lines.at(-2)).toContain('64x64 png');
  });

  test('the path goes alone to another program, and -q says nothing else', async () => {
    expect(await atTerminal(`${draw} 2>&1 | cat`)).not.toContain('▀');
    expect(await atTerminal(`${draw} -q`)).toMatch(/^boat-\w+\.png\n$/);
    expect(await atTerminal(draw, { NO_COLOR: '1' })).not.toContain('▀');
  });

  test('a way is named in a flag or in the config', async () => {
    expect(await atTerminal(`${draw} --preview kitty`)).toContain('\u001b_Ga=T,f=100');
    expect(await atTerminal(`${draw} --no-preview`)).not.toContain('▀');
    await person.run('config', 'set', 'preview', 'iterm');
    expect(await atTerminal(draw)).toContain('\u001b]1337;File=inline=1');
    await person.run('config', 'set', 'preview', 'null');
  });
});

test('a way that is none is refused before anything is drawn, with the nearest', async () => {
  const { code, stdout, stderr } = await person.run('a boat', '--preview', 'sixl');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/preview must be one of auto, kitty, iterm, sixel, blocks, none.*\n.*--preview sixel/);
});

describe.skipIf(process.platform !== 'linux')('in the viewer of this machine', () => {
  /** A person whose viewer notes what it is given. */
  async function withViewer(): Promise<{ readonly one: Person; readonly opened: () => Promise<string> }> {
    const bin = join(person.folder, 'bin');
    await mkdir(bin, { recursive: true });
    const one = await newPerson({ PATH: `${bin}:${process.env.PATH}`, DISPLAY: ':0' });
    const noted = join(one.folder, 'opened');
    await writeFile(join(bin, 'xdg-open'), `#!/bin/sh\necho "$1" > '${noted}.part'\nmv '${noted}.part' '${noted}'\n`);
    await chmod(join(bin, 'xdg-open'), 0o755);
    const opened = async () => {
      await expect.poll(() => readFile(noted, 'utf8').catch(() => ''), { timeout: 10_000 }).not.toBe('');
      return readFile(noted, 'utf8');
    };
    return { one, opened };
  }

  test('a picture is opened when it is made, and later by its id', async () => {
    const { one, opened } = await withViewer();
    expect(await one.run('a boat', '--size', '64x64', '-o', 'boat.png', '--open')).toMatchObject({ code: 0 });
    expect(await opened()).toBe(`${join(one.folder, 'boat.png')}\n`);
    expect(await one.run('open', 'last')).toMatchObject({ code: 0, stdout: 'boat.png\n' });
    expect(await one.run('open', 'boot.png')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no file'),
    });
  });

  test('where there is no screen, the picture is made all the same, and it is said where it is', async () => {
    const { code, stderr } = await person.run('a boat', '--size', '64x64', '-o', 'here.png', '--open');
    expect([code, stderr]).toEqual([0, expect.stringMatching(/warning: this session has no screen.*here\.png/)]);
    expect(await person.run('open', 'here.png')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no screen'),
    });
  });
});
