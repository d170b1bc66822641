import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pictureName } from './picture-name.ts';

test.each([
  ['a paper boat at dawn', 'paper-boat-at-dawn-7f3a'],
  ['A Paper Boat, at dawn!', 'paper-boat-at-dawn-7f3a'],
  ['the', 'the-7f3a'],
  ["the cat's whiskers", 'cats-whiskers-7f3a'],
  ['one two three four five six seven eight', 'one-two-three-four-five-six-7f3a'],
  ['一艘红色的帆船，日落', '一艘红色的帆船-日落-7f3a'],
  ['Ein Übermut in Öl', 'ein-übermut-in-öl-7f3a'],
  ['../../etc/passwd', 'etc-passwd-7f3a'],
  ['CON', 'con-7f3a'],
  ['???', 'picture-7f3a'],
  ['', 'picture-7f3a'],
])('%j becomes %s', (prompt, name) => {
  expect(pictureName(prompt, '7f3a')).toBe(name);
});

test('one endless word is cut between characters', () => {
  const name = pictureName('画'.repeat(500), '7f3a');
  expect(name).toBe(`${'画'.repeat(20)}-7f3a`);
});

test('composed and decomposed letters give the same name', () => {
  expect(pictureName('cafe\u0301', '7f3a')).toBe(pictureName('caf\u00e9', '7f3a'));
});

test('any prompt gives a name that is legal everywhere', () => {
  const prompts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.string({ maxLength: 400 }),
  );
  fc.assert(
    fc.property(prompts, (prompt) => {
      const name = pictureName(prompt, '7f3a');
      expect(name).toMatch(/^[\p{L}\p{N}\p{M}]+(-[\p{L}\p{N}\p{M}]+)*-7f3a$/u);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(65);
      expect(Buffer.from(name).toString()).toBe(name);
    }),
    { numRuns: 2000 },
  );
});
