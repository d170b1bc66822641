import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeBase64 } from './base64.ts';

test('any bytes are what Node makes of them', () => {
  const room = Buffer.alloc(400);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const length = encodeBase64(bytes, room);
      expect(room.toString('latin1', 0, length)).toBe(Buffer.from(bytes).toString('base64'));
    }),
  );
});
