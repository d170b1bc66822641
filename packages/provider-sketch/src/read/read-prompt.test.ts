import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { colours } from '../data/colours.ts';
import { seasonWords, timeWords, weatherWords } from '../data/moments.ts';
import { moods } from '../data/moods.ts';
import { styles } from '../data/styles.ts';
import { subjectWords } from '../data/subjects.ts';
import { readPrompt } from './read-prompt.ts';

describe('readPrompt', () => {
  test('gives a colour to the subject after it', () => {
    expect(readPrompt('a red sailboat and a white house')).toEqual({
      subjects: [
        { id: 'sailboat', colour: 'red' },
        { id: 'house', colour: 'white' },
      ],
    });
  });

  test('gives a colour to the subject before it when none follows', () => {
    expect(readPrompt('the boat is red, the house is blue').subjects).toEqual([
      { id: 'boat', colour: 'red' },
      { id: 'house', colour: 'blue' },
    ]);
  });

  test('gives the colour of a part to its subject as the second colour', () => {
    expect(readPrompt('a white boat with red sails').subjects).toEqual([
      { id: 'boat', colour: 'white', accent: 'red' },
    ]);
  });

  test('takes a colour that belongs to nothing as the mood of the picture', () => {
    expect(readPrompt('purple, a boat')).toEqual({ subjects: [{ id: 'boat' }], mood: 'purple' });
  });

  test('counts and measures', () => {
    expect(readPrompt('three small boats, a huge moon, cats').subjects).toEqual([
      { id: 'boat', count: 3, scale: 0.72 },
      { id: 'moon', scale: 1.5 },
      { id: 'cat', plural: true },
    ]);
  });

  test('prefers the longest word: a paper boat is no boat', () => {
    expect(readPrompt('A paper boat at dawn.')).toEqual({ subjects: [{ id: 'paperboat' }], time: 'dawn' });
    expect(readPrompt('黎明时的纸船')).toEqual({ subjects: [{ id: 'paperboat' }], time: 'dawn' });
  });

  test('leaves out what is not wanted', () => {
    expect(readPrompt('sea without boats or birds, a lighthouse').subjects.map(({ id }) => id)).toEqual([
      'sea',
      'lighthouse',
    ]);
    expect(readPrompt('大海，没有船').subjects).toEqual([{ id: 'sea' }]);
    expect(readPrompt('a cat and a house in the rain', 'house, rain')).toEqual({ subjects: [{ id: 'cat' }] });
  });

  test.each([
    ['a red sailboat on the sea at sunset', '日落时海上的红色帆船'],
    ['three blue boats on a lake at night', '夜晚，湖上三艘蓝色的船'],
    ['a black cat in the rain', '雨中的黑猫'],
    ['a forest in winter', '冬天的森林'],
    ['a yellow balloon over the mountain in the fog', '雾中，黄色热气球飞过高山'],
  ])('understands %j and %j alike', (english, chinese) => {
    const [first, second] = [readPrompt(english), readPrompt(chinese)];
    const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
    expect({ ...second, subjects: second.subjects.toSorted(byId) }).toEqual({
      ...first,
      subjects: first.subjects.toSorted(byId),
    });
    expect(first.subjects.length).toBeGreaterThan(0);
  });

  test('knows every word of the lists', () => {
    for (const [id, words] of Object.entries(subjectWords)) {
      for (const word of words.split(', '))
        expect(readPrompt(word).subjects, word).toContainEqual(expect.objectContaining({ id }));
    }
    for (const [kind, table] of Object.entries({ time: timeWords, weather: weatherWords, season: seasonWords })) {
      for (const [id, words] of Object.entries(table)) {
        for (const word of words.split(', ')) expect(readPrompt(word), word).toHaveProperty(kind, id);
      }
    }
    for (const [kind, table] of Object.entries({ style: styles, feeling: moods })) {
      for (const [id, { words }] of Object.entries(table)) {
        for (const word of words.split(', ')) expect(readPrompt(word), word).toHaveProperty(kind, id);
      }
    }
    for (const [id, { words }] of Object.entries(colours)) {
      for (const word of words.split(', ')) expect(readPrompt(word), word).toHaveProperty('mood', id);
    }
  });

  test('takes any text without failing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (prompt) => {
        const { subjects } = readPrompt(prompt);
        expect(new Set(subjects.map(({ id }) => id)).size).toBe(subjects.length);
      }),
    );
  });
});
