import { expect, test } from 'vitest';
import { picturesIn, picturesInEntry } from './pictures-in.ts';

const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), Buffer.alloc(40, 7)]);
const base64 = png.toString('base64');
const a = 'https://a.example/a.png';
const b = 'https://a.example/b.png';

test.each<[name: string, body: unknown, found: unknown[]]>([
  ['several in a text', { choices: [{ message: { content: `![1](${a})\n![2](${b})` } }] }, [{ url: a }, { url: b }]],
  ['a list of URLs in an entry', { data: [{ url: [a, b] }] }, [{ url: a }, { url: b }]],
  ['several in a text under a name', { url: `${a} and ${b}` }, [{ url: a }, { url: b }]],
  ['several with commas', { data: [{ url: `${a},${b}?x=1,2` }] }, [{ url: a }, { url: `${b}?x=1,2` }]],
  ['a URL with spaces', { data: [{ url: 'https://a.example/a boat 1' }] }, [{ url: 'https://a.example/a boat 1' }]],
  ['a host and a path', { data: [{ url: 'a.example/files/1' }] }, [{ url: '//a.example/files/1' }]],
  ['a port and a path', { output: 'localhost:8080/files/1' }, [{ url: '//localhost:8080/files/1' }]],
  ['an escaped query', { image: `${a}?x=1&amp;y=2` }, [{ url: `${a}?x=1&y=2` }]],
  ['bytes as Python prints them', { data: [{ b64_json: `b'${base64}'` }] }, [{ base64 }]],
  ['a Buffer of Node', { image: JSON.parse(JSON.stringify(png)) }, [{ base64: Uint8Array.from(png) }]],
  ['a list of numbers', { output: [...png] }, [{ base64: Uint8Array.from(png) }]],
  ['a Uint8Array of Node', { image: { ...Uint8Array.from(png) } }, [{ base64: Uint8Array.from(png) }]],
  ['one of a series that is done', { type: 'image_generation.partial_succeeded', url: a }, [{ url: a }]],
  ['a URL beside what looks like a part of one', { data: [{ b64_json: '/#', url: a }] }, [{ url: a }]],
  ['words that tell it', { success: true, message: `Made: ${a}` }, [{ url: a }]],
  ['an address in place of words', { data: [], message: a }, [{ url: a }]],
])('a picture as %s is found', (_, body, found) => {
  expect(picturesIn(body)).toEqual(found);
});

test.each<[name: string, body: unknown]>([
  ['a preview of work that goes on', { progress: 0.4, current_image: base64 }],
  ['a partial one', { type: 'image_generation.partial_image', b64_json: base64 }],
  ['words beside an empty list', { data: [], message: `Scan ${a} to join` }],
  ['a code to scan', { data: [], qr_code: a }],
  ['a relation', { output: '16:9/4:3', result: '1:10/2' }],
  ['numbers', { data: [1, 2, 3], embedding: [0.1, 0.2] }],
])('%s is none', (_, body) => {
  expect(picturesIn(body)).toEqual([]);
});

test('an entry of a list is a picture, or several', () => {
  expect(picturesInEntry({ url: a, thumbnail: b })).toEqual([{ url: a }]);
  expect(picturesInEntry({ url: [a, b], revised_prompt: 'x' })).toEqual([{ url: a }, { url: b }]);
  expect(picturesInEntry(' ')).toEqual([]);
});
