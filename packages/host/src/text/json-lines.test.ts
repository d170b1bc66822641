import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineOf, lineOfSyntaxError } from './json-lines.ts';

const text = `{
  "model": "sketch",
  "budget": { "currency": "EUR",
    "perDay": "much" },
  "plugins": [
    "a",
    7
  ]
}`;

test('the line of a member, an item and the whole', () => {
  expect(lineOf(text, ['model'])).toBe(2);
  expect(lineOf(text, ['budget', 'perDay'])).toBe(4);
  expect(lineOf(text, ['plugins', 1])).toBe(7);
  expect(lineOf(text, [])).toBe(1);
});

test('a path that is not there leads to the last part that is', () => {
  expect(lineOf(text, ['budget', 'perRun'])).toBe(3);
  expect(lineOf(text, ['model', 'x'])).toBe(2);
});

test('every member of every JSON text is found: its line begins with its name', () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(json, (value) => {
      const written = JSON.stringify(value, null, 2);
      for (const name of Object.keys(JSON.parse(written))) {
        const line = written.split('\n')[lineOf(written, [name]) - 1]!;
        expect(line.startsWith(`  ${JSON.stringify(name)}: `)).toBe(true);
      }
    }),
  );
});

test.each([
  ['{\n  "model": "sketch",\n}', 3],
  ['{\n  "model" "sketch"\n}', 2],
  ['{\n  "model": "sketch"', 2],
])('the line of a syntax error in %j', (broken, line) => {
  let caught: unknown;
  try {
    JSON.parse(broken);
  } catch (error) {
    caught = error;
  }
  expect(lineOfSyntaxError(broken, caught)).toBe(line);
});
