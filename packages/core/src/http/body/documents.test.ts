import fc from 'fast-check';
import { expect, test } from 'vitest';
import { documentsIn } from './documents.ts';

test.each([
  ['{"a":1}{"b":2}', [{ a: 1 }, { b: 2 }], ''],
  ['{"a":1}\n[{"b":2}]\n', [{ a: 1 }, [{ b: 2 }]], '\n\n'],
  ['Warning: key "size" on [3] {"a":"]}"} bye', [{ a: ']}' }], 'Warning: key "size" on [3]  bye'],
  ['{"a":NaN,"b":[-Infinity],"c":"NaN"}', [{ a: null, b: [null], c: 'NaN' }], ''],
  ['{not} {"a":1}', [{ a: 1 }], '{not} '],
  ['{"a":1} {"b":', [{ a: 1 }], ' {"b":'],
])('%s', (text, documents, rest) => {
  expect(documentsIn(text)).toEqual({ documents, rest });
});

test.each(['', 'words', '[1] and [2]', '![boat](/a.png)', '{"a":', '}{', '{"a":{"b":1}'])('%j holds none', (text) => {
  expect(documentsIn(text)).toBeUndefined();
});

test('documents are found in their order, whatever stands between them', () => {
  const between = fc.string().map((text) => text.replace(/[[\]{}"]/g, ''));
  fc.assert(
    fc.property(fc.array(fc.tuple(between, fc.dictionary(fc.string(), fc.jsonValue())), { minLength: 1 }), (parts) => {
      const text = parts.map(([before, document]) => before + JSON.stringify(document)).join('');
      const written = parts.map(([, document]) => JSON.parse(JSON.stringify(document)));
      expect(documentsIn(text)).toEqual({ documents: written, rest: parts.map(([before]) => before).join('') });
    }),
  );
});

test('brackets without end come to an end', () => {
  expect(documentsIn(`${'['.repeat(200_000)}x${']'.repeat(200_000)}`)).toBeUndefined();
});
