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
    expect(readPrompt('a cat and a house in the rain', 'house, rain')).toEqual({
      subjects: [{ id: 'cat' }],
      without: ['house', 'rain'],
    });
  });

  test.each([
    ['not a cat but a dog', ['dog'], ['cat']],
    ['不是猫而是狗', ['dog'], ['cat']],
    ['a sea without boats but with a lighthouse', ['sea', 'lighthouse'], ['boat']],
    ['不要太阳，没有云的蓝天和沙漠', ['sky', 'desert'], ['sun', 'cloud']],
    ['沙漠，不要太阳、云和鸟', ['desert'], ['sun', 'cloud', 'bird']],
    ['没有太阳、云的沙漠', ['desert'], ['sun', 'cloud']],
    ["a snowy mountain, don't draw trees", ['mountain'], ['tree']],
    ['a snowy mountain, don’t draw trees', ['mountain'], ['tree']],
    ['a city without cars at night', ['city'], ['car']],
    ['remove the boat and add a balloon', ['balloon'], ['boat']],
    ['not only a cat but also a dog', ['cat', 'dog'], undefined],
    ['一望无际的大海', ['sea'], undefined],
    ['never night, a boat', ['boat'], ['night']],
    ['a lake at night, no moonlight', ['lake'], ['moon']],
    ['a cloudless sky', ['sky'], ['cloud']],
    ['not a tiny cat but a huge cat', ['cat'], undefined],
    ['not a blue car but a red car', ['car'], undefined],
    ['a forest, not winter', ['forest'], ['winter']],
  ] as const)('%s: a "not" reaches as far as it should', (prompt, ids, without) => {
    const reading = readPrompt(prompt);
    expect([reading.subjects.map(({ id }) => id), reading.without]).toEqual([ids, without]);
  });

  test.each([
    ['never-ending forest with a river', ['forest', 'river'], undefined],
    ["don't forget the moon", ['moon'], undefined],
    ['do not forget the moon', ['moon'], undefined],
    ['a boat that never sleeps under the moon', ['boat', 'moon'], undefined],
    ['a boat that never turns under the moon', ['boat', 'moon'], undefined],
    ["a snowman that won't melt in the sun", ['snowman', 'sun'], undefined],
    ['a snowman that will not melt in the sun', ['snowman', 'sun'], undefined],
    ['Cannot get enough of cats', ['cat'], undefined],
    ["can't get enough of cats", ['cat'], undefined],
    ["a cat that isn't afraid of dogs", ['cat', 'dog'], undefined],
    ["cats that don't fear dogs", ['cat', 'dog'], undefined],
    ['no fewer than three boats', ['boat'], undefined],
    ['no less than three boats', ['boat'], undefined],
    ['no more than three boats', ['boat'], undefined],
    ['not far from a lighthouse', ['lighthouse'], undefined],
    ['not far away, a lighthouse', ['lighthouse'], undefined],
    ['a tree with no leaves and a house', ['tree', 'house'], undefined],
    ['a tree with no leaves beside a house', ['tree', 'house'], undefined],
    ['a boat with no sail on a lake', ['boat', 'lake'], undefined],
    ['a sky with no clouds and two birds', ['sky', 'bird'], ['cloud']],
    ['the sky has no clouds and the sea is blue', ['sky', 'sea'], ['cloud']],
    ['a city at night, without a doubt', ['city'], undefined],
    ['数不清的星星', ['stars'], undefined],
    ['一艘不沉的船', ['boat'], undefined],
    ['一只不怕狗的猫', ['dog', 'cat'], undefined],
    ['不老的树', ['tree'], undefined],
    ['永不熄灭的灯塔', ['lighthouse'], undefined],
    ['无花果树', ['tree'], undefined],
    ['不要忘记画月亮', ['moon'], undefined],
    ['别忘了月亮', ['moon'], undefined],
    ['不远处的灯塔', ['lighthouse'], undefined],
    ['不夜城', ['city'], undefined],
    ['没有叶子的树和房子', ['tree', 'house'], undefined],
  ] as const)('%s: a "not" takes nothing away that is asked for', (prompt, ids, without) => {
    const reading = readPrompt(prompt);
    expect([reading.subjects.map(({ id }) => id), reading.without]).toEqual([ids, without]);
  });

  test.each([
    ['No clouds, sun or stars', [], ['cloud', 'sun', 'stars']],
    ['a desert, no clouds, sun, or stars above a house', ['desert', 'house'], ['cloud', 'sun', 'stars']],
    ['no boats, a lighthouse or a tower', ['lighthouse', 'tower'], ['boat']],
    ['no people, mountains and lake', ['mountain', 'lake'], ['person']],
    ['sea, not boats or birds', ['sea'], ['boat', 'bird']],
    ['never night nor dawn, a boat', ['boat'], ['night', 'dawn']],
    ['never draw trees', [], ['tree']],
    ['do not draw trees', [], ['tree']],
    ["a house that doesn't have trees", ['house'], ['tree']],
    ['a mill without sails or birds', ['windmill'], ['bird']],
    ['a boat not at night', ['boat'], ['night']],
    ['not a cat sleeping but a cat swimming', ['cat'], undefined],
    ['不是猫和狗而是鸟', ['bird'], ['cat', 'dog']],
    ['无人海滩', ['sea'], ['person']],
    ['无云和月的海', ['sea'], ['cloud', 'moon']],
    ['不画树', [], ['tree']],
    ['不再有云', [], ['cloud']],
  ] as const)('%s: a list is refused as a whole, what comes after it is not', (prompt, ids, without) => {
    const reading = readPrompt(prompt);
    expect([reading.subjects.map(({ id }) => id), reading.without]).toEqual([ids, without]);
  });

  test('keeps the time and the season that are not refused', () => {
    expect(readPrompt('a city without cars at night')).toHaveProperty('time', 'night');
    expect(readPrompt('a lake at night, no moonlight')).toHaveProperty('time', 'night');
    expect(readPrompt('没有云的蓝天')).toHaveProperty('time', 'day');
    expect(readPrompt('not winter')).not.toHaveProperty('season');
    expect(readPrompt('never night')).not.toHaveProperty('time');
  });

  test.each([
    'a boat that is not red',
    "a boat, it isn't red",
    '一艘不是红色的船',
    '船不是红色',
    'a red boat that is not red',
  ])('%s: another colour', (prompt) =>
    expect(readPrompt(prompt).subjects).toMatchObject([{ id: 'boat', colour: 'white' }]),
  );

  test('"without" and the colour of something unknown leave the subject as it is', () => {
    expect(readPrompt('a cat without a red collar')).toEqual({ subjects: [{ id: 'cat' }] });
  });

  test('counts what cannot be counted', () => {
    expect(readPrompt('数不清的星星')).toEqual(readPrompt('无数星星'));
    expect(readPrompt('no fewer than three boats').subjects).toEqual([{ id: 'boat', count: 3 }]);
    expect(readPrompt('无人三只猫').subjects).toEqual([{ id: 'cat', count: 3 }]);
  });

  test('refuses every thing of the lists, in both languages', () => {
    for (const [id, words] of Object.entries(subjectWords)) {
      for (const word of words.split(', ')) {
        const not = /[a-z]/.test(word) ? `no ${word}` : `没有${word}`;
        expect(readPrompt(not).subjects, not).toEqual([]);
        expect(readPrompt(not).without, not).toContain(id);
        expect(readPrompt('', word).without, word).toContain(id);
      }
    }
  });

  test('takes a thing of two colours for two things', () => {
    expect(readPrompt('a red car and two blue cars, the red car').subjects).toEqual([
      { id: 'car', colour: 'red' },
      { id: 'car', colour: 'blue', count: 2 },
    ]);
  });

  test.each(['a woman with red hair', 'a red-haired woman', 'a cat and a red-haired woman', '红头发的女人'])(
    '%s: the hair has the colour',
    (prompt) => expect(readPrompt(prompt).subjects).toContainEqual({ id: 'woman', accent: 'red' }),
  );

  test('what is no person has no hair', () => {
    expect(readPrompt('a cat with white hair').subjects).toEqual([{ id: 'cat', colour: 'white' }]);
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
        expect(readPrompt(prompt).subjects.length).toBeLessThanOrEqual(prompt.length);
      }),
    );
  });

  test('never draws what it refuses, in whatever order the words come', () => {
    const grammar =
      'no, not, without, but, is not, 不要, 没有, 不是, 而是, 的, red, blue, 红色, at, on, add, less, 、, ，, a, hair, never, 不, or, and, two, leaves';
    const words = [
      ...Object.values({ ...subjectWords, ...timeWords, ...seasonWords }).flatMap((list) =>
        list.split(', ').slice(0, 2),
      ),
    ];
    const word = fc.oneof(fc.constantFrom(...grammar.split(', ')), fc.constantFrom(...words));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.array(word, { maxLength: 2 }), (prompt, negative) => {
        const { subjects, without = [], ...moment } = readPrompt(prompt.join(' '), negative.join(' '));
        const wanted: string[] = [...subjects.map(({ id }) => id), ...Object.values(moment)];
        expect(without.filter((id) => wanted.includes(id))).toEqual([]);
      }),
    );
  });
});

const longPrompts: Readonly<Record<string, string>> = {
  'one thing again and again, without spaces': '熊猫',
  'letters that stand for nothing': '字',
  'short words that stand for nothing': 'ab ',
  'colours without a thing': 'red ',
  'many colours without a thing': 'red blue green ',
  'refused colours': 'not red ',
  'refused things in a list that ends in nothing': 'no cat, dog, ',
  'a list of things': 'a cat and ',
  'counted things': 'three red boats, ',
  'marks alone': ', ',
  'what is not wanted': '不要太阳、',
  'one long word': 'x',
  pictograms: '🐼',
  'empty lines': '\n',
};

test.each(Object.entries(longPrompts))('100,000 characters are read in one go: %s', (_, part) => {
  const prompt = part.repeat(100_000 / part.length);
  expect(readPrompt(prompt, prompt).subjects.length).toBeLessThan(100);
});

test('what stands at the end of a long prompt is read like all the rest', () => {
  expect(readPrompt(`${'字'.repeat(20_000)}，红色的船`).subjects).toEqual([{ id: 'boat', colour: 'red' }]);
});

test.each([
  ['no clouds, sun or stars', ['cloud', 'sun', 'stars']],
  ['no clouds, sun, or stars', ['cloud', 'sun', 'stars']],
  ['no clouds, birds, sun or stars, a house', ['cloud', 'birds', 'sun', 'stars']],
])('%s: all of the list is refused', (prompt, refused) => {
  expect(readPrompt(prompt).without?.length).toBe(refused.length);
});
