import { ImageError } from '@anyimage/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStyle } from './styles-check.ts';

test('a style needs its words only', () => {
  const full = { about: 'few lines', words: 'ink on paper', enhance: 'say what is left out' };
  expect(parseStyle(JSON.stringify(full), 'ink.json')).toEqual(full);
  expect(parseStyle('\ufeff{"words": " ink on paper\\n"}', 'ink.json')).toEqual({
    about: 'ink on paper',
    words: 'ink on paper',
    enhance: 'ink on paper',
  });
});

test.each([
  ['{\n  "wrods": "x"\n}', 'ink.json:2: unknown key "wrods"', 'Did you mean words? There are: about, words, enhance.'],
  ['{\n  "words": "x",\n  "enhance": 7\n}', 'ink.json:3: enhance must be text', 'Correct it.'],
  ['{\n  "words": " "\n}', 'ink.json:2: words must not be empty', 'Correct it.'],
  ['{"about": "x"}', 'ink.json:1: words is missing: it must be text', 'Set it, too.'],
  ['"ink on paper"', 'ink.json:1: a style must be an object such as', 'Correct the file.'],
  ['{"words": "x",\n', 'ink.json:2: it is not JSON', 'Correct the file.'],
  ['', 'ink.json:1: it is not JSON', 'Correct the file.'],
  ['{"words": "x", "__proto__": 1}', 'ink.json:1: unknown key "__proto__"', 'There are: about, words, enhance.'],
])('a mistake is told by file and line: %j', (text, message, hint) => {
  const error = refusal(text) as ImageError;
  expect(error).toMatchObject({ code: 'config', details: { path: 'ink.json' } });
  expect(error.message.startsWith(message)).toBe(true);
  expect(error.hint).toBe(hint);
});

test('any text is a style or refused', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc
      .record({ words: fc.json(), about: fc.string({ unit: 'binary' }) }, { requiredKeys: [] })
      .map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const error = refusal(text);
      if (error !== undefined) expect(ImageError.isInstance(error) && error.code).toBe('config');
      else expect(parseStyle(text, 'ink.json').words.trim()).not.toBe('');
    }),
  );
});

function refusal(text: string): unknown {
  try {
    parseStyle(text, 'ink.json');
    return undefined;
  } catch (error) {
    return error;
  }
}
