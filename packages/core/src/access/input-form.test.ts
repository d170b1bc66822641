import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toBase64, toFile, toURL } from './input-form.ts';

const image = (bytes: Uint8Array, mediaType = 'image/png') =>
  ({ as: 'bytes', bytes, mediaType, width: 1, height: 1 }) as const;

describe('base64', () => {
  test('is that of the bytes, also where they are a part of a larger buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(64), (bytes, start) => {
        const part = bytes.subarray(start);
        expect(Buffer.from(toBase64(part), 'base64')).toEqual(Buffer.from(part));
      }),
    );
  });
});

describe('a URL', () => {
  test('is the picture’s own where it has one', () => {
    expect(toURL({ as: 'url', url: 'https://a.example/b.png' })).toBe('https://a.example/b.png');
  });

  test('holds the bytes where it has none', () => {
    expect(toURL(image(new Uint8Array([1, 2, 3]), 'image/webp'))).toBe('data:image/webp;base64,AQID');
  });
});

describe('a file', () => {
  test.each([
    ['image/png', 'mask.png'],
    ['image/jpeg', 'mask.jpg'],
    ['image/webp', 'mask.webp'],
  ])('of %s has a name, its type and the bytes', async (mediaType, name) => {
    const file = toFile(image(new Uint8Array([1, 2, 3]), mediaType), 'mask');
    expect([file.name, file.type]).toEqual([name, mediaType]);
    expect(await file.bytes()).toEqual(new Uint8Array([1, 2, 3]));
  });
});
