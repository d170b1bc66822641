import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seedEnvironment, seedNotes } from './environment.ts';

const fallback = join(homedir(), 'gen_image');
const unfilled = `${'$'}{HOME}/pics`;

test.each([
  [{}, fallback],
  [{ OUTPUT_IMAGE_PATH: ' ' }, fallback],
  [{ OUTPUT_IMAGE_PATH: '/made ' }, '/made'],
  [{ OUTPUT_IMAGE_PATH: '/made', ANYIMAGE_OUTPUT: '/own' }, '/made'],
  [{ OUTPUT_IMAGE_PATH: unfilled }, fallback],
  [{ OUTPUT_IMAGE_PATH: unfilled, ANYIMAGE_OUTPUT: '/own' }, '/own'],
  [{ ANYIMAGE_OUTPUT: unfilled }, fallback],
])('of %j, pictures go to %s', (env, output) => {
  expect(seedEnvironment(env)).toEqual({ ...env, ANYIMAGE_OUTPUT: output });
});

test('a variable that was not filled in is told by its own name', () => {
  expect(seedNotes({ OUTPUT_IMAGE_PATH: '/made' })).toEqual([]);
  expect(seedNotes({ OUTPUT_IMAGE_PATH: unfilled })).toEqual([
    `OUTPUT_IMAGE_PATH does not count: it holds a placeholder that was not filled in (${unfilled})`,
  ]);
});
