import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { link, unlink } from './link.mjs';

/** A checkout with two programs that print their name and words, and a person with `folders` of their home on PATH. */
function begin(...folders) {
  const top = mkdtempSync(join(tmpdir(), "anyimage-link's "));
  const [root, home] = [join(top, 'checkout'), join(top, 'home')];
  for (const [app, name] of [
    ['cli', 'anyimage'],
    ['mcp', 'anyimage-mcp'],
  ]) {
    mkdirSync(join(root, 'apps', app, 'dist'), { recursive: true });
    const text = `console.log(${JSON.stringify(name)}, ...process.argv.slice(2)); process.exitCode = 3;`;
    writeFileSync(join(root, 'apps', app, 'dist', `${name}.js`), text);
  }
  mkdirSync(home);
  const path = ['/somewhere/node_modules/.bin', ...folders.map((folder) => join(home, folder))].join(delimiter);
  return { root, home, path, node: process.execPath, windows: false };
}

test.skipIf(process.platform === 'win32')(
  'both commands run with the Node of the checkout, with words and exit code as they are',
  () => {
    const place = begin('bin');
    expect(link(place)).toEqual([
      `anyimage      ${join(place.home, 'bin/anyimage')}`,
      `anyimage-mcp  ${join(place.home, 'bin/anyimage-mcp')}`,
      'npm start -- unlink takes them away.',
    ]);
    for (const name of ['anyimage', 'anyimage-mcp']) {
      const { status, stdout } = spawnSync(join(place.home, 'bin', name), ['a boat', '$HOME'], { encoding: 'utf8' });
      expect({ status, stdout }).toEqual({ status: 3, stdout: `${name} a boat $HOME\n` });
    }
    // Again is no mistake.
    expect(link(place)).toHaveLength(3);
    expect(unlink(place)).toEqual(
      ['anyimage', 'anyimage-mcp'].map((name) => `removed ${join(place.home, 'bin', name)}`),
    );
    expect(unlink(place)).toEqual(['nothing of this checkout is on PATH']);
  },
);

test('a folder that is not on PATH is told, with what to type', () => {
  const place = begin();
  const folder = join(place.home, '.local/bin');
  expect(link(place)).toContain(`${folder} is not on PATH yet: export PATH="${folder}:$PATH"`);
  expect(unlink(place)).toHaveLength(2);
});

test('another program of that name is neither replaced nor removed, and one that comes first is told', () => {
  const place = begin('first', '.local/bin', 'bin');
  mkdirSync(join(place.home, 'bin'));
  writeFileSync(join(place.home, 'bin/anyimage-mcp'), 'mine');
  expect(() => link(place, join(place.home, 'bin'))).toThrow(/anyimage-mcp is there and not of a checkout/);
  expect(existsSync(join(place.home, 'bin/anyimage'))).toBe(false);
  expect(unlink(place, join(place.home, 'bin'))).toEqual(['nothing of this checkout is on PATH']);
  expect(readFileSync(join(place.home, 'bin/anyimage-mcp'), 'utf8')).toBe('mine');

  mkdirSync(join(place.home, 'first'));
  writeFileSync(join(place.home, 'first/anyimage'), 'mine');
  expect(link(place)).toContain(
    `${join(place.home, 'first/anyimage')} comes before it on PATH, and is what anyimage runs`,
  );
});

test('the commands of another checkout are replaced, and not removed', () => {
  const [one, other] = [begin('bin'), begin('bin')];
  const to = join(one.home, 'bin');
  link(one, to);
  expect(unlink(other, to)).toEqual(['nothing of this checkout is on PATH']);
  link(other, to);
  expect(unlink(one, to)).toEqual(['nothing of this checkout is on PATH']);
  expect(unlink(other, to)).toHaveLength(2);
});

test('on Windows they are .cmd files', () => {
  const place = { ...begin(), windows: true };
  link(place, join(place.home, 'npm'));
  const text = readFileSync(join(place.home, 'npm/anyimage.cmd'), 'utf8');
  expect(text).toBe(
    `@rem written by npm start -- link\r\n@"${place.node}" "${join(place.root, 'apps/cli/dist/anyimage.js')}" %*\r\n`,
  );
});
