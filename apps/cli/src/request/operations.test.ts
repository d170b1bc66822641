import { providers } from '@anyimage/host';
import { expect, test } from 'vitest';
import { needsNoPrompt, needsOf, operationsOf, takesFlag } from './operations.ts';

const known = operationsOf(providers);
const find = (name: string) => known.find((one) => one.name === name)!;

test('the operations are those of the tables, each once, with the models that can', () => {
  const named = providers.flatMap(({ definition }) =>
    Object.entries(definition.models).flatMap(([id, row]) =>
      Object.keys(row.operations).map((name) => `${name} ${definition.id}/${id}`),
    ),
  );
  const listed = known.flatMap(({ name, models }) => models.map((model) => `${name} ${model.name}`));
  expect(listed.toSorted()).toEqual(named.filter((one) => !one.startsWith('generate ')).toSorted());
  expect(new Set(known.map(({ command }) => command)).size).toBe(known.length);
  expect(known.every(({ command }) => /^[a-z-]+$/.test(command))).toBe(true);
});

test('what an operation needs is said with an example that its models take', () => {
  expect(needsOf(find('upscale'))).toMatchObject([{ flag: '--factor', example: '--factor 2' }]);
  expect(needsOf(find('outpaint'))).toMatchObject([{ flag: '--expand', example: '--expand right=0.5' }]);
  expect(needsOf(find('inpaint'))).toMatchObject([{ example: expect.stringContaining('--mask-region') }]);
  expect(needsOf(find('colorize'))).toEqual([]);
  expect([needsNoPrompt(find('upscale')), needsNoPrompt(find('edit'))]).toEqual([true, false]);
});

test('a flag belongs to an operation if one of its models takes it', () => {
  const flags = (name: string) =>
    ['factor', 'expand', 'mask', 'output', 'model'].filter((flag) => takesFlag(find(name), flag));
  expect(flags('upscale')).toEqual(['factor', 'output', 'model']);
  expect(flags('outpaint')).toEqual(['expand', 'output', 'model']);
  expect(flags('inpaint')).toEqual(['mask', 'output', 'model']);
});

test('names of plugins that are no words of a command line have none', () => {
  const row = { operations: { 'deep fry': {}, '--help': {}, vectorTrace: {} } };
  const plugin = { definition: { id: 'paint', regions: { x: {} }, models: { 'paint-1': row } } };
  expect(operationsOf([plugin as never]).map(({ command }) => command)).toEqual(['vector-trace']);
});
