import fc from 'fast-check';
import { expect, test } from 'vitest';
import { subjectWords } from '../data/subjects.ts';
import { readPrompt } from './read-prompt.ts';
import { isUnread, undrawnIn } from './undrawn.ts';

const ids = (prompt: string) => readPrompt(prompt).subjects.map(({ id }) => id);

test.each([
  // prompt, what is drawn, what is not
  ['熊猫', ['panda'], []],
  ['一只大熊猫在竹林里', ['forest', 'panda'], []],
  ['小熊猫', ['panda'], []],
  ['黑熊和白马', ['bear', 'horse'], []],
  ['海豹', [], ['海豹']],
  ['斑马和河马', [], ['斑马', '河马']],
  ['一只海马', [], ['海马']],
  ['海星在沙滩上', ['sea'], ['海星']],
  ['松鼠在松树林', ['pine', 'forest'], ['松鼠']],
  ['一条金鱼', [], ['金鱼']],
  ['一条鱼', [], ['鱼']],
  ['蜗牛', [], ['蜗牛']],
  ['马车', [], ['马车']],
  ['老虎坐在屋顶上', [], ['老虎']],
  ['一艘飞艇在湖面上', ['lake'], ['飞艇']],
  ['一艘红色的飞艇', [], ['飞艇']],
  ['两只老虎跑得快', [], ['老虎']],
  ['宇航员骑马在月球上', ['space', 'horse', 'moon'], []],
  ['上海街头', ['city'], ['上海']],
  ['长城日出', [], ['长城']],
  ['长颈鹿和大象', ['elephant'], ['长颈鹿']],
  ['butterfly', ['butterfly'], []],
  ['catfish', [], ['catfish']],
  ['a cat fish', [], ['cat fish']],
  ['a sea lion on a beach', ['sea'], ['sea lion']],
  ['a sea horse', [], ['sea horse']],
  ['two sea lions', [], ['sea lions']],
  ['a hot dog', [], ['hot dog']],
  ['a red panda', [], ['red panda']],
  ['a panda bear eating bamboo', ['panda'], ['bamboo']],
  ['a starfish', [], ['starfish']],
  ['a zeppelin over the alps at dawn', ['mountain'], ['zeppelin']],
  ['a majestic zeppelin floats over a lake', ['lake'], ['zeppelin']],
  ['zeppelin, lake, sunset', ['lake'], ['zeppelin']],
  ['a man riding a unicorn', ['man'], ['unicorn']],
  ['a bowl of cherries', [], ['bowl', 'cherries']],
  ['A dumpling', [], ['dumpling']],
  ['ein Zeppelin', [], ['zeppelin']],
  ['дирижабль', [], ['дирижабль']],
  ['ゼッペリン', [], ['ゼッペリン']],
] as const)('%s: draws %j and not %j', (prompt, drawn, undrawn) => {
  expect(new Set(ids(prompt))).toEqual(new Set(drawn));
  expect(undrawnIn(prompt)).toEqual(undrawn);
});

test.each([
  'a red sailboat at sunset',
  'A paper boat at dawn.',
  'three small blue boats on a lake in the fog',
  'a fox jumps over a river',
  'the quick brown fox',
  'a cat sitting on a house, watercolor, highly detailed, 8k',
  'a photo of a lighthouse in a storm, dramatic lighting',
  'cats sleep under the moon',
  'the sky is moody and the sea is calm',
  'a castle that glows at night',
  'a boat with red sails and a white hull',
  'a woman with red hair',
  'a lake without zeppelins',
  'no unicorns, a horse',
  'a house, not a hut but a castle',
  'a lighthouse that says "OPEN ZEPPELIN"',
  'an old wooden cabin in the snowy woods',
  'two dogs and a rabbit running through a meadow',
  'epic fantasy landscape with a castle',
  '雪夜里的红色小屋',
  '三只小红船在湖上',
  '没有云的蓝天和沙漠',
  '一只猫坐在屋顶上',
  '美丽的樱花树',
  '水彩画风格的猫头鹰',
  '一只不怕狗的猫',
  '不要斑马，一匹马',
  '黎明时的纸船',
  '',
])('%j: nothing is missing', (prompt) => expect(undrawnIn(prompt)).toEqual([]));

test('whatever is known is never said to be missing, alone and in a sentence of its language', () => {
  for (const list of Object.values(subjectWords)) {
    for (const word of list.split(', ')) {
      const prompts = /[a-z]/.test(word) ? [word, `a ${word} at night`, `some ${word}, rain`] : [word, `一只${word}`];
      for (const prompt of prompts) expect(undrawnIn(prompt), prompt).toEqual([]);
    }
  }
});

test('a word that nobody knows is named, wherever it stands, and once', () => {
  const thing = fc.constantFrom('zeppelin', 'unicorn', 'walrus', 'teapot', 'giraffe', 'bamboo', 'sea otter', 'kraken');
  const before = fc.constantFrom('a', 'the', 'two', 'a tiny', 'one red');
  const rest = fc.constantFrom('', ' on a lake', ' at night', ', rain', ' and a cat', ' near the old castle');
  fc.assert(
    fc.property(thing, before, rest, (word, article, end) => {
      expect(undrawnIn(`${article} ${word}${end}`)).toEqual([word]);
      expect(undrawnIn(`a cat and ${article} ${word}${end}, ${word}`)).toEqual([word]);
    }),
  );
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => void undrawnIn(text)));
});

test.each([
  ...[
    'koty psy dom',
    'dwa koty i dom',
    'بيت وشجرة',
    'x y z',
    'zwei blaue',
    'q',
    'kissa ja koira, talo',
    'дом и дерево',
  ],
])('of %j, no word is understood', (prompt) => expect(isUnread(prompt)).toBe(true));

test.each([
  // What is told of each thing says more.
  ...['koty, psy, dom', 'дирижабль', 'zeppelin', 'ゼッペリン', '蜗牛', 'a zeppelin', 'zeppelin, lake'],
  ...['koty psy cat', 'majestic', 'abstract', 'red', '水彩画', '', '42', '...', 'a "koty psy" sign', '"koty psy"'],
])('%j is understood, or told word by word', (prompt) => expect(isUnread(prompt)).toBe(false));

test('a prompt with a known word is never told as one of which nothing was understood', () => {
  const strange = fc.array(fc.constantFrom('koty', 'psy', 'dom', 'بيت', 'x', 'ja'), { maxLength: 4 });
  const known = fc.constantFrom('cat', 'boats', 'red', 'night', 'rain', 'watercolor', '猫');
  fc.assert(
    fc.property(strange, known, strange, (before, word, after) => {
      expect(isUnread([...before, word, ...after].join(' '))).toBe(false);
    }),
  );
});
