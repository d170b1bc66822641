import { expect, test } from 'vitest';
import { createProgram } from '../start/program.ts';
import { complete, type Values } from './complete.ts';
import type { Place } from './place.ts';

const asked: string[] = [];
/** Values that say for what they were asked. */
const values: Values = {
  ofOption: async (option, { given, path }: Place) => {
    asked.push(`${path.join(' ')} ${option.long} ${JSON.stringify(Object.fromEntries(given))}`);
    return [{ value: 'one' }, { value: 'other' }, { value: '$(rm)' }, { value: 'a b' }];
  },
  ofArgument: async (name, { path, operands }: Place) => {
    asked.push(`${path.join(' ')} ${name} ${operands.length}`);
    return [{ value: 'one' }];
  },
};

/** What a line may become, and for which values of this machine it was asked. */
async function at(...line: string[]) {
  asked.length = 0;
  const found = await complete(createProgram(), line.slice(0, -1), line.at(-1)!, async () => values);
  return { values: found.map(({ value }) => value), asked: [...asked] };
}

test('commands, those below them, and the commands of help', async () => {
  expect((await at('mod')).values).toEqual(['models']);
  expect((await at('jobs', '')).values).toEqual(['list', 'resume', 'cancel', 'drop', 'help']);
  expect((await at('help', 'jobs', 're')).values).toEqual(['resume']);
  expect((await at('')).values).toContain('completion');
});

test('flags, without those that are there and take no second value', async () => {
  const { values } = await at('a boat', '--size', '64x64', '-m', 'x', '--');
  expect(values).toContain('--model');
  expect(values).not.toContain('--size');
  expect((await at('doctor', '--')).values).toEqual(
    ['--json', '--help', '--log-file', '--profile', '--verbose'].sort(byHelp),
  );
  expect((await at('a boat', '--', '--si')).values).toEqual([]);
});

/** In the order of the help: the command's own, then those of all. */
const order = ['--json', '--help', '--verbose', '--log-file', '--profile'];
function byHelp(a: string, b: string): number {
  return order.indexOf(a) - order.indexOf(b);
}

test('values of flags, in both forms, with what else was typed; nothing that a shell would read more into', async () => {
  expect(await at('a', '-m', 'cogview', '--quality', 'o')).toEqual({
    values: ['one', 'other'],
    asked: [' --quality {"model":["cogview"]}'],
  });
  expect((await at('edit', 'x.png', '--size=on')).values).toEqual(['--size=one']);
  expect((await at('a', '--prefer', 'p')).values).toEqual(['price']);
  expect((await at('models', '--profile', '')).asked).toEqual(['models --profile {}']);
});

test('arguments by their names, the last one as often as it may stand', async () => {
  expect((await at('use', 'a', 'b', '')).asked).toEqual(['use model 2']);
  expect((await at('config', 'set', 'model', '')).asked).toEqual(['config set value 1']);
  expect((await at('info', 'x.png', '')).asked).toEqual([]);
  expect((await at('completion', '')).values).toEqual(['bash', 'zsh', 'fish', 'powershell']);
});

test('what is known without this machine is completed without it', async () => {
  for (const line of [['mod'], ['keys', ''], ['a', '--si'], ['a', '--translate', '']])
    expect((await at(...line)).asked).toEqual([]);
});
