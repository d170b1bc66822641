import type { ImageError } from '@anyimage/core';
import type { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from './program.ts';
import { usageError } from './usage-error.ts';
import { noteCommands } from './words/command-path.ts';

/** What is said of words that the parser refuses. */
async function refusal(words: readonly string[]): Promise<ImageError> {
  const program = createProgram(words);
  noteCommands(program);
  return program.parseAsync([...words], { from: 'user' }).then(
    () => {
      throw new Error('it was not refused');
    },
    (error: CommanderError) => usageError(error, words),
  );
}

test.each([
  ['--nosuch', 'anyimage'],
  ['make fox --nosuch', 'anyimage make'],
  ['make fox --size', 'anyimage make'],
  ['history --limit x', 'anyimage history'],
  ['edit', 'anyimage edit'],
  ['jobs --nosuch', 'anyimage jobs'],
  ['jobs list --nosuch', 'anyimage jobs list'],
  ['jobs cancel', 'anyimage jobs cancel'],
  ['keys set', 'anyimage keys set'],
])('%s leads to the help of %s', async (typed, command) => {
  expect((await refusal(typed.split(' '))).hint).toBe(`${command} --help shows what there is.`);
});

test('a flag that is nearly one is told that one', async () => {
  expect((await refusal(['make', 'fox', '--styel', 'ink'])).hint).toBe('Did you mean --style?');
});

test('a word that is no command of a group is told the nearest', async () => {
  const error = await refusal(['jobs', 'resum']);
  expect(error.message).toBe('there is no command "resum" of anyimage jobs');
  expect(error.hint).toBe('Did you mean resume? anyimage jobs --help shows what there is.');
});

test.each([
  [['doctor', ...Array<string>(10_000).fill('word')]],
  [['version', 'x'.repeat(100_000)]],
  [['jobs', 'list', 'x'.repeat(100_000)]],
  [['make', `--${'x'.repeat(100_000)}`]],
  [['make', 'fox', '--option', 'x'.repeat(100_000)]],
  [['make', 'fox', '--option', 'x '.repeat(50_000)]],
  [['make', 'fox', '--prefer', 'x '.repeat(50_000)]],
  [[`--prefer=${'x '.repeat(50_000)}`, 'fox']],
  [['make', `--seed=${'x'.repeat(100_000)}`]],
])('of what was typed, only its beginning is said again (%#)', async (words) => {
  const { message, hint } = await refusal(words);
  expect(message.length).toBeLessThan(250);
  expect(hint!.length).toBeLessThan(100);
});

test('a line break in a word is no suggestion', async () => {
  expect((await refusal(['make', '--no\nerror: x'])).hint).toBe('anyimage make --help shows what there is.');
});
