import fc from 'fast-check';
import { expect, test } from 'vitest';
import { refuseMisprint } from './misprint.ts';

const commands = [
  'models',
  'styles',
  'history',
  'info',
  'again',
  'jobs',
  'use',
  'config',
  'keys',
  'trust',
  'doctor',
  'emulate',
  'providers',
];

test.each([
  ['modles', 'models'],
  ['model', 'models'],
  ['Models', 'models'],
  ['histroy', 'history'],
  ['provders', 'providers'],
  ['providerss', 'providers'],
  ['confg', 'config'],
  ['docter', 'doctor'],
  ['emulat', 'emulate'],
  ['kyes', 'keys'],
  ['hlep', 'help'],
])('%s is refused: it is nearly %s', (word, meant) => {
  expect(() => refuseMisprint(word, commands)).toThrow(
    expect.objectContaining({
      code: 'invalid-request',
      hint: `anyimage ${meant} runs the command; anyimage -- ${word} draws the word.`,
    }),
  );
});

test.each([
  ...['story', 'actor', 'muse', 'fuse', 'rust', 'crust', 'CON', 'key', 'job', 'form', 'gain', 'tractor', 'mod'],
  ...['sailboat', 'hello', 'mouse', 'house', 'a modles', 'model s', 'models.', '日落', 'cat.', 'hel', ''],
])('%j is a prompt', (word) => {
  expect(() => refuseMisprint(word, commands)).not.toThrow();
});

const letters = [...'models-x'];

test('a word is refused exactly if one edit after its first letter makes it a command', () => {
  const edits = new Set(['models', ...editsOf('models')]);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: fc.constantFrom(...letters) }), fc.constantFrom(...edits)), (word) => {
      let refused = false;
      try {
        refuseMisprint(word, ['models']);
      } catch {
        refused = true;
      }
      expect(refused).toBe(edits.has(word));
    }),
  );
});

/** All words that one edit makes of `word`, its first letter kept, in the letters of the test. */
function editsOf(word: string): string[] {
  const places = Array.from({ length: word.length }, (_, place) => place + 1);
  const added = places.flatMap((at) => letters.map((one) => word.slice(0, at) + one + word.slice(at)));
  const replaced = places.flatMap((at) => letters.map((one) => word.slice(0, at) + one + word.slice(at + 1)));
  const dropped = places.map((at) => word.slice(0, at) + word.slice(at + 1));
  const swapped = places.map(
    (at) => word.slice(0, at) + [...word.slice(at, at + 2)].reverse().join('') + word.slice(at + 2),
  );
  return [...added, ...replaced, ...dropped, ...swapped];
}
