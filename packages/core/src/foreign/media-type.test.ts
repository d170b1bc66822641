import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mediaTypeIn } from './media-type.ts';

const types = ['image/svg+xml', 'image/png', 'image/jpeg', 'text/event-stream', 'application/json', 'image/vnd.ms-dds'];

test('a type is the same in any case, with any parameters and any space around it', () => {
  const parameter = fc.constantFrom('charset=utf-8', 'charset="utf-8; x"', 'q=0.9', '', 'boundary=a/b');
  const space = fc.constantFrom('', ' ', '\t', '  ');
  fc.assert(
    fc.property(
      fc.constantFrom(...types),
      fc.array(fc.tuple(space, parameter, space), { maxLength: 3 }),
      fc.infiniteStream(fc.boolean()),
      space,
      (type, parameters, upper, before) => {
        const cased = [...type].map((sign) => (upper.next().value ? sign.toUpperCase() : sign)).join('');
        const text = before + cased + parameters.map((parts) => `${parts[0]};${parts[1]}${parts[2]}`).join('');
        expect(mediaTypeIn(text)).toBe(type);
      },
    ),
  );
});

test.each([
  ['image/jpg', 'image/jpeg'],
  ['IMAGE/JPG; q=1', 'image/jpeg'],
  ['image/pjpeg', 'image/jpeg'],
  ['image/x-png', 'image/png'],
  ['image/svg', 'image/svg+xml'],
  ['image/png, image/png', 'image/png'],
  ['png', undefined],
  ['', undefined],
  ['image/', undefined],
  ['image/png<script>', undefined],
  [`image/${'x'.repeat(100)}`, undefined],
  ['__proto__', undefined],
])('%j is %s', (text, type) => {
  expect(mediaTypeIn(text)).toBe(type);
});
