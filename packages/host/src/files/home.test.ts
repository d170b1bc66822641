import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { homeFolder } from './home.ts';

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
