import fc from 'fast-check';
import { expect, test } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

const models = ['glm-image', 'cogview-4-250304', 'cogview-4', 'cogview-3-flash', 'gpt-image-1.5'];

test.each([
  ['cogveiw-4', 'cogview-4'],
  ['CogView4', 'cogview-4'],
  ['glm-imgae', 'glm-image'],
  ['flash', 'cogview-3-flash'],
  ['cogview-4-250305', 'cogview-4-250304'],
  ['gpt_image_1.5', 'gpt-image-1.5'],
])('%s is close to %s before all others', (word, expected) => {
  expect(nearest(word, models)[0]).toBe(expected);
});

test('a word that is like none gets no answer', () => {
  expect(nearest('midjourney', models)).toEqual([]);
  expect(nearest('', models)).toEqual([]);
  expect(nearest('cogview', [])).toEqual([]);
});

test('at most the number asked for, each once', () => {
  expect(nearest('cogview', [...models, ...models], 2)).toHaveLength(2);
  expect(nearest('cogview', [...models, ...models], 9)).toEqual(['cogview-4', 'cogview-3-flash', 'cogview-4-250304']);
});

test('a candidate with two neighbouring letters swapped, or one letter left out, is found', () => {
  const word = fc.stringMatching(/^[a-z]{5,12}$/);
  fc.assert(
    fc.property(word, fc.nat(), fc.boolean(), (candidate, where, swap) => {
      const at = where % (candidate.length - 1);
      const typed = swap
        ? candidate.slice(0, at) + candidate[at + 1] + candidate[at] + candidate.slice(at + 2)
        : candidate.slice(0, at) + candidate.slice(at + 1);
      expect(nearest(typed, ['0000000000000', candidate])).toEqual([candidate]);
    }),
  );
});

test('what was meant is asked of three names at the most, before what is there', () => {
  expect(didYouMean(['a'])).toBe('Did you mean a?');
  expect(didYouMean(['a', 'b', 'c', 'd'], 'There are: e.')).toBe('Did you mean a or b or c? There are: e.');
  expect(didYouMean([], 'There are: e.')).toBe('There are: e.');
  expect(didYouMean([])).toBe('');
});
