// Answers that are made to be read for long: whatever is repeated in them, each part is read once.

import { expect, test } from 'vitest';
import { failureIn, wordsIn } from './complaint.ts';
import { picturesIn } from './pictures-in.ts';

const length = 100_000;
const endings = ['', 'x', ')', '.png'];

const parts = [
  ...['![x](', '![', '![a]', '[[', '[image ', '[image](', '<img ', '<img src=', '<img src="https://a.example/a.png"'],
  ...['https://a', 'https://a.', 'https://a.png?', 'https://a.example/a.pngx', 'https://a.example/a.png, ', 'https://'],
  ...['data:image/', 'data:image/png;base64,', 'data:image/png;base64,AAAA ', '```', '```json\n[', '[1]', '[1] ', '{'],
  ...[' ', '\n', '"', "'", '>', ', ', ' ,', ';', '/', 'a.', 'a/', '-', '\\', 'b"', 'A', 'AAAA\n', '无法', '(', '](a '],
];

const places: readonly (readonly [name: string, put: (text: string) => unknown])[] = [
  ['words of a model', (text) => ({ choices: [{ message: { content: text } }] })],
  ['the place of an address', (text) => ({ data: [{ url: text }] })],
  ['the place of bytes', (text) => ({ data: [{ b64_json: text }] })],
  ['the place of a picture in any form', (text) => ({ data: [{ image: text }] })],
  ['an error', (text) => ({ error: { message: text } })],
  ['a text alone', (text) => text],
];

test.each(places)('%s, in an answer of repetitions', (_, put) => {
  for (const part of parts) {
    const repeated = part.repeat(length / part.length);
    for (const text of endings.flatMap((ending) => [repeated + ending, `https://a${repeated}${ending}`])) {
      const began = performance.now();
      const body = put(text);
      expect(picturesIn(body).length).toBeLessThanOrEqual(1000);
      failureIn(body);
      wordsIn(body);
      // Read once from each beginning it would take minutes.
      expect(performance.now() - began, `${part} … ${text.slice(-9)}`).toBeLessThan(4000);
    }
  }
});

test('pictures in very many places of an answer are compared once each', () => {
  const content = Array.from({ length: 200_000 }, (_, at) => `https://a.example/${at}.png`).join(' ');
  expect(picturesIn({ choices: [{ message: { content } }] })).toHaveLength(1000);
  const notes = Array.from({ length: 20_000 }, (_, at) => [`note${at}`, `see https://a.example/${at}.png`]);
  expect(picturesIn(Object.fromEntries(notes))).toHaveLength(1000);
});
