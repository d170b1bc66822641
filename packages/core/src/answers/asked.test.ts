import { expect, test } from 'vitest';
import type { InputImage } from '../contract/provider.ts';
import { withoutAsked } from './asked.ts';

const bytes = Uint8Array.from({ length: 500 }, (_, index) => index % 251);
const base64 = Buffer.from(bytes).toString('base64');
const picture: InputImage = { as: 'bytes', bytes, mediaType: 'image/png', width: 1, height: 1 };
const url = 'https://a.example/boat.png';

test.each<[name: string, body: unknown, left: unknown]>([
  ['bytes', { image: Buffer.from(bytes) }, { image: '' }],
  ['base64', { a: [base64] }, { a: [''] }],
  ['base64 in lines', { a: base64.replace(/.{76}/g, '$&\r\n') }, { a: '' }],
  ['a data URI', { a: `data:image/png;base64,${base64}` }, { a: '' }],
  ['its address', { data: [{ url }] }, { data: [{ url: '' }] }],
  ['the mask', { a: Uint8Array.of(1, 2, 3) }, { a: '' }],
  ['an address of the prompt', `see https://b.example/1.png.`, 'see .'],
])('a picture that was given is taken out as %s', (_, body, left) => {
  const mask: InputImage = { ...picture, bytes: Uint8Array.of(1, 2, 3) };
  const asked = {
    prompt: 'as in https://b.example/1.png, or so',
    images: [picture, { as: 'url', url }] as const,
    mask,
  };
  expect(withoutAsked(body, asked)).toEqual(left);
});

test('everything else stays', () => {
  const body = {
    data: [{ url: `${url}?x=1`, b64_json: base64.replace('A', 'B'), n: 1, none: null, bytes: Uint8Array.of(1, 2) }],
    text: `${url}/more https://b.example/1.png2`,
  };
  const asked = { prompt: `a boat as in ${url}`, images: [picture] };
  expect(withoutAsked(body, asked)).toEqual(body);
  expect(withoutAsked(body, { prompt: 'a boat', images: [] })).toBe(body);
});
