import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { expandHome, homeFolder, placeOfPath } from './home.ts';

test('ANYIMAGE_HOME names the folder and is made absolute', () => {
  expect(homeFolder({ ANYIMAGE_HOME: 'here', XDG_DATA_HOME: '/data' })).toBe(resolve('here'));
});

test('without it the XDG data folder is used, if it is absolute', () => {
  expect(homeFolder({ XDG_DATA_HOME: resolve('/data') })).toBe(resolve('/data/anyimage'));
  expect(homeFolder({ XDG_DATA_HOME: 'relative' })).toBe(join(homedir(), '.anyimage'));
});

test('else a hidden folder of the person, also where the variables are empty', () => {
  expect(homeFolder({ ANYIMAGE_HOME: ' ', XDG_DATA_HOME: '' })).toBe(join(homedir(), '.anyimage'));
});

test('~ is the person’s folder, alone and before a slash', () => {
  expect(placeOfPath('~')).toBe(homedir());
  expect(placeOfPath('~/Pictures')).toBe(join(homedir(), 'Pictures'));
  expect(placeOfPath('./~ann')).toBe(resolve('~ann'));
  expect(placeOfPath('boat~1.png')).toBe(resolve('boat~1.png'));
});

test.each(['~root/outs', '~ann', '~~', '~$boat.png', '~+', '~ /x'])('%s is refused, not made a folder', (path) => {
  const refusal = expect.objectContaining({ code: 'config', message: expect.stringContaining(path) });
  expect(() => expandHome(path)).toThrow(refusal);
  expect(() => placeOfPath(path)).toThrow(refusal);
  expect(() => homeFolder({ ANYIMAGE_HOME: path })).toThrow(refusal);
});
