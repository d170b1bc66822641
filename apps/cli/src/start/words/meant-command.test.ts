import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from '../program.ts';

/** The flags of each command, by its path. */
function flagsOf(command: Command, path: readonly string[] = []): ReadonlyMap<string, readonly string[]> {
  const own = [path.join(' '), command.options.map(({ flags }) => flags)] as const;
  return new Map([own, ...command.commands.flatMap((one) => [...flagsOf(one, [...path, one.name()])])]);
}

const all = flagsOf(createProgram());

test.each([...all.keys()].filter(Boolean))('%s has all its flags where it is named', (path) => {
  expect(flagsOf(createProgram(path.split(' '))).get(path)).toEqual(all.get(path));
});

test.each([...all.keys()])('a group has the flags of those below it, whichever is meant: %s', (path) => {
  const [group] = path.split(' ') as [string];
  expect(flagsOf(createProgram([group, '--json'])).get(path)).toEqual(all.get(path));
});

test('what is not named only says that it has flags', () => {
  const flags = flagsOf(createProgram(['models']));
  for (const [path, known] of all)
    if (path !== '' && !path.startsWith('models')) expect(flags.get(path)).toHaveLength(Math.min(known.length, 1));
});

test.each([['help'], ['__complete', '1', 'ba'], ['completion', 'bash']])('%s … makes all', (...words) => {
  expect(flagsOf(createProgram(words))).toEqual(all);
});
