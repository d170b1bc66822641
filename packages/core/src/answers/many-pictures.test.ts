import { expect, test } from 'vitest';
import { picturesIn } from './pictures-in.ts';

const bytes = new Uint8Array(3000);

test.each<[name: string, item: (index: number) => unknown]>([
  ['URLs', (index) => ({ url: `https://a.example/${index}.png` })],
  ['the same URL', () => ({ url: 'https://a.example/1.png' })],
  ['bytes', () => ({ b64_json: bytes.subarray() })],
])('of %s without end no more than 1000 are found', (_, item) => {
  const body = { data: Array.from({ length: 200_000 }, (_, index) => item(index)) };
  expect(picturesIn(body).length).toBeLessThanOrEqual(1000);
});
