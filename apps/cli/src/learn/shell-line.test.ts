import { expect, test } from 'vitest';
import { wordsOf } from './shell-line.ts';

test.each([
  ['anyimage mod', [], 'mod'],
  ['anyimage ', [], ''],
  ['anyimage models ', ['models'], ''],
  ['anyimage "a red boat" -m co', ['a red boat', '-m'], 'co'],
  [`anyimage 'a "b' c\\ d "e \\" f" g`, ['a "b', 'c d', 'e " f'], 'g'],
  ['A=1 B= /usr/bin/anyimage use ', ['use'], ''],
  ['anyimage "" x', [''], 'x'],
  ['anyimage "a re', [], 'a re'],
  ['', [], ''],
])('%s', (line, words, current) => expect(wordsOf(line)).toEqual({ words, current }));
