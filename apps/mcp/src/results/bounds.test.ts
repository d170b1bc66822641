import { ImageError, type Json } from '@anyimage/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundedResult, withoutEchoes } from './bounds.ts';
import { failureResult } from './result.ts';
import type { Content, Document, ToolResult } from './tool-result.ts';

const million = 1_000_000;
const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const preview = (length: number): Content => ({ type: 'image', data: 'A'.repeat(length), mimeType: 'image/jpeg' });

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

test('an answer within the limit is as it was', () => {
  const result: ToolResult = { content: [{ type: 'text', text: 'x' }, preview(500_000)], structuredContent: { a: 1 } };
  expect(boundedResult(result)).toBe(result);
});

test('previews go first, the last one first, and the words stay', () => {
  const content: Content[] = [{ type: 'text', text: 'the words' }, preview(600_000), preview(600_000)];
  const bounded = boundedResult({ content, structuredContent: { images: [{ path: '/a.png' }] } });
  expect(bounded.content.map(({ type }) => type)).toEqual(['text', 'image', 'text']);
  expect(bounded.structuredContent).toEqual({ images: [{ path: '/a.png' }] });
});

test.each([
  ['shortened', 'x'.repeat(30_000)],
  ['cut to what matters', 'x'.repeat(150)],
])('what is %s still warns, says what failed, and what is not over and comes next', (_, word) => {
  // Lists in lists stay long however short each is.
  const deep = (levels: number): Json => (levels === 0 ? word : Array.from({ length: 11 }, () => deep(levels - 1)));
  const structuredContent: Document = {
    images: word.length > 1000 ? Array.from({ length: 50 }, () => ({ prompt: word })) : [{ path: deep(4) }],
    warnings: ['the budget is nearly spent', 'a second one'],
    errors: [{ code: 'server', message: 'one failed' }],
    pending: [{ id: 't-1', state: 'waiting' }],
    next: { say: 'Fetch it.', tool: 'get_image', arguments: { id: 't-1' } },
  };
  const result: ToolResult = {
    content: [{ type: 'text', text: `${word}\nNext: Fetch it.` }],
    structuredContent,
    isError: true,
  };
  const bounded = boundedResult(result);
  expect(sizeOf(bounded)).toBeLessThan(million);
  const { warnings, errors, pending, next } = structuredContent;
  const leftOut = expect.stringContaining('left out');
  expect(bounded.structuredContent).toMatchObject({
    warnings: [...(warnings as string[]), leftOut],
    errors,
    pending,
    next,
  });
  expect(JSON.stringify(bounded.content)).toMatch(/Next: Fetch it\..*left out/);
});

test('whatever an answer holds, it has at most a million bytes, and says so where something was left out', () => {
  const long = fc.integer({ min: 0, max: 1_500_000 });
  const words = fc
    .tuple(fc.constantFrom('a', 'é', '漢', '"', '\u0000'), long)
    .map(([sign, count]) => sign.repeat(count));
  fc.assert(
    fc.property(fc.array(words, { maxLength: 3 }), fc.array(long, { maxLength: 3 }), words, (texts, previews, said) => {
      const content = [...texts.map((text): Content => ({ type: 'text', text })), ...previews.map(preview)];
      const structuredContent: Document = { list: Array.from({ length: 300 }, () => said.slice(0, 2000)), said };
      const result = { content, structuredContent };
      const bounded = boundedResult(result);
      expect(sizeOf(bounded)).toBeLessThan(million);
      if (bounded !== result) expect(JSON.stringify(bounded.content.at(-1))).toContain('left out');
    }),
    { numRuns: 10, endOnFailure: true },
  );
});

test('an argument does not come back at length, wherever it stands', () => {
  const sign = fc.constantFrom('a', 'b', '/', '"', '\n', 'é', ' ');
  const long = fc.string({ unit: sign, minLength: 81, maxLength: 3000 });
  fc.assert(
    fc.property(long, fc.nat(2000), fc.boolean(), (argument, from, isName) => {
      const given = isName ? { words: { [argument]: 1 } } : { images: [{ deep: argument }] };
      const said = `before ${argument} between ${JSON.stringify(argument)} ${argument.slice(from)} after`;
      const { content, structuredContent } = withoutEchoes(
        failureResult(new ImageError('invalid-request', said, { hint: said })),
        given,
      );
      for (const texts of [textsIn(content).join('\n'), textsIn(structuredContent).join('\n')]) {
        for (const form of [argument, JSON.stringify(argument).slice(1, -1)]) {
          for (let at = 0; at + 81 <= form.length; at++) expect(texts).not.toContain(form.slice(at, at + 81));
        }
        expect(texts).toContain('before');
        expect(texts).toContain('after');
      }
    }),
    { numRuns: 20, endOnFailure: true },
  );
});

test('short arguments stay as they are, and a long message of our own too', () => {
  const said = `size: 1x1 is too small: ${'a very long sentence of ours. '.repeat(20)}`;
  const result = failureResult(new ImageError('unsupported', said));
  expect(withoutEchoes(result, { size: '1x1', prompt: 'x'.repeat(50_000_000) })).toEqual(result);
});
