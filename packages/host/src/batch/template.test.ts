import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPlaces, readTemplate } from './template.ts';
import { readVariations, waysOf } from './vary.ts';

const refusal = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error as { readonly code: string; readonly message: string; readonly hint: string };
  }
  return undefined;
};

test('places of a template are filled with what a row says', () => {
  const template = readTemplate('a {{animal}} in {{ the style }}, {{animal}}', 'prompt');
  expect(template.names).toEqual(['animal', 'the style']);
  expect(template.fill((name) => `<${name}>`)).toBe('a <animal> in <the style>, <animal>');
  expect(readTemplate('plain $& {x}', 'prompt').fill(() => '')).toBe('plain $& {x}');
});

test('a place without name or end, or that nothing fills, is refused with the nearest name', () => {
  for (const text of ['a {{animal', 'a {{}}', 'a {{animal} cat', '{{{{a}}']) {
    expect(refusal(() => readTemplate(text, 'prompt'))).toMatchObject({ code: 'invalid-request' });
  }
  const template = readTemplate('a {{anmial}}', 'prompt');
  const { message, hint } = refusal(() => checkPlaces(template, ['animal', 'style'], 'prompt'))!;
  expect(message).toContain('{{anmial}}');
  expect(hint).toContain('Did you mean animal?');
  checkPlaces(template, ['anmial'], 'prompt');
});

test('what a row says is put in as it is, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      expect(readTemplate('[{{a}}]', 'prompt').fill(() => value)).toBe(`[${value}]`);
    }),
  );
});

test('variations are names with values, ranges and lists', () => {
  expect(readVariations(['model=a,b,style=x,y,seed=1..3'])).toEqual([
    { name: 'model', values: ['a', 'b'] },
    { name: 'style', values: ['x', 'y'] },
    { name: 'seed', values: ['1', '2', '3'] },
  ]);
  expect(readVariations(['place=["a, b","c=d]"], n=1', 'size = 64x64 , 32x32'])).toEqual([
    { name: 'place', values: ['a, b', 'c=d]'] },
    { name: 'n', values: ['1'] },
    { name: 'size', values: ['64x64', '32x32'] },
  ]);
  expect(readVariations([])).toEqual([]);
});

test.each(['', 'model', 'a,b', 'seed=4..1', 'seed=1..99999', 'model=a,,b', 'model=a,a', 'a=1,a=2', '=x', 'x='])(
  'no variation: %s',
  (text) => {
    expect(refusal(() => readVariations([text]))).toMatchObject({ code: 'invalid-request', hint: expect.any(String) });
  },
);

test('every way of all names is made once, and there are not too many', () => {
  const ways = waysOf(readVariations(['a=1,2,b=x,y']));
  expect(ways.map((way) => [...way.values()].join(''))).toEqual(['1x', '1y', '2x', '2y']);
  expect(waysOf([])).toEqual([new Map()]);
  expect(refusal(() => readVariations(['a=1..200,b=1..200']))).toMatchObject({
    message: expect.stringMatching(/40000/),
  });
});
