import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64, decodeDataUri } from './data-uri.ts';

test('base64 and base64url are decoded, padded or not, in one line or many', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1 }),
      fc.constantFrom('base64', 'base64url'),
      fc.boolean(),
      (bytes, encoding, inLines) => {
        const text = Buffer.from(bytes).toString(encoding as 'base64' | 'base64url');
        const written = inLines ? text.replace(/(.{10})/g, '$1\r\n') : text;
        expect(Uint8Array.from(decodeBase64(written) ?? [])).toEqual(bytes);
        expect(Uint8Array.from(decodeDataUri(`data:image/png;base64,${written}`) ?? [])).toEqual(bytes);
      },
    ),
  );
});

test('broken base64 gives nothing', () => {
  for (const text of ['', '=', 'A', 'AAAAA', 'A===', 'AA=', 'AAA A?', 'Not base64!'])
    expect(decodeBase64(text)).toBeUndefined();
});

test('data URIs are also percent-encoded, and nothing else is one', () => {
  const text = (uri: string) => Buffer.from(decodeDataUri(uri) ?? []).toString();
  expect(text('data:,a%20b%C3%A9')).toBe('a bé');
  expect(text('data:text/plain;base64,QUJD%3D')).toBe('');
  expect(text('data:text/plain;base64,QUI%3D')).toBe('AB');
  expect(text('DATA:image/png;charset=x;BASE64,QUJD')).toBe('ABC');
  expect(decodeDataUri('https://example.com/,')).toBeUndefined();
  expect(decodeDataUri('data:image/png;base64')).toBeUndefined();
});
