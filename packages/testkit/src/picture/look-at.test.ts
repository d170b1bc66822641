import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lookAt } from './look-at.ts';
import { drawPlain } from './plain.ts';
import { drawTestCard } from './test-card.ts';

const size = { width: 40, height: 30 };
const picture = { prompt: 'a boat', ...size };
const bytesOf = (text: string) => Buffer.from(text, 'latin1');

describe('what the bytes of a picture say', () => {
  test.each([
    ['png', 'image/png', false],
    ['jpeg', 'image/jpeg', true],
    ['webp', 'image/webp', false],
    ['gif', 'image/gif', false],
  ])('a whole %s is known, with its size', (format, mediaType, grey) => {
    const bytes = drawPlain(format, picture) ?? drawTestCard(picture);
    expect(lookAt(bytes)).toMatchObject({ mediaType, ...size, grey, alpha: false });
    expect(lookAt(bytes.subarray(0, -1))).toBeUndefined();
  });

  test.each([
    ['image/bmp', `BM${'\0'.repeat(60)}`],
    ['image/tiff', `II*\0${'\0'.repeat(60)}`],
    ['image/tiff', `MM\0*${'\0'.repeat(60)}`],
    ['image/heic', `\0\0\0\x18ftypheic${'\0'.repeat(40)}`],
    ['image/heif', `\0\0\0\x18ftypmif1${'\0'.repeat(40)}`],
  ])('%s is told by its first bytes', (mediaType, head) => {
    expect(lookAt(bytesOf(head))).toEqual({ mediaType, alpha: false, grey: false });
  });

  test('anything else is no picture', () => {
    for (const text of ['', 'garbage', '<svg/>', '\x89PNG\r\n\x1a\n', '\xff\xd8\xff', 'BM', 'RIFF0000WEBP']) {
      expect(lookAt(bytesOf(text))).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(lookAt(bytes)).toBeUndefined();
      }),
    );
  });
});
