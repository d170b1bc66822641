import { expect, test } from 'vitest';
import { refuseMisprint } from './misprint.ts';

const commands = ['models', 'jobs', 'emulate', 'use', 'keys', 'history'];

test.each([
  ['modles', 'models'],
  ['model', 'models'],
  ['Job', 'jobs'],
  ['emulat', 'emulate'],
  ['hlep', 'help'],
])('%s is refused: it is nearly %s', (word, meant) => {
  expect(() => refuseMisprint(word, commands)).toThrow(
    expect.objectContaining({
      code: 'invalid-request',
      hint: `anyimage ${meant} runs the command; anyimage -- ${word} draws the word.`,
    }),
  );
});

test.each(['sailboat', 'hello', 'mouse', 'house', 'a modles', '日落', 'cat.', ''])('%j is a prompt', (word) => {
  expect(() => refuseMisprint(word, commands)).not.toThrow();
});
