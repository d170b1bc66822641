import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ImageError } from '../errors.ts';
import { createDrawingProbe, createProbe } from '../verify.ts';
import { checkSVG } from './svg.ts';

const root = (inside: string, attributes = 'width="640" height="480"') =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${inside}</svg>`;
const check = (text: string) => checkSVG(Buffer.from(text));
const problemOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (ImageError.isInstance(error)) return (error.details as { problem: string }).problem;
    throw error;
  }
  return undefined;
};

const whole = `<?xml version="1.0"?><!-- made -->
${root(
  `<style><![CDATA[ .a { fill: url(#sky) } ]]></style><defs><linearGradient id="sky"><stop offset="0" stop-color='#fff'/></linearGradient></defs>
<rect class="a" width="10" height="10"/><use xlink:href="#b"/><image href="data:image/png;base64,AAAA"/><text>a &lt; b > c</text>`,
)}
`;

test('a drawing is read with its size', () => {
  expect(check(whole)).toEqual({ width: 640, height: 480 });
  expect(check(`\ufeff${whole}`)).toEqual({ width: 640, height: 480 });
});

test.each([
  ['width="10.6px" height="20"', { width: 11, height: 20 }],
  ['width="100%" viewBox="0 0 64 32"', { width: 64, height: 32 }],
  ['viewBox="0,0,64,32"', { width: 64, height: 32 }],
  ['', { width: 300, height: 150 }],
])('size by %s', (attributes, size) => {
  expect(check(root('', attributes))).toEqual(size);
});

test.each([
  '<script>alert(1)</script>',
  '<svg:script/>',
  '<foreignObject><p/></foreignObject>',
  '<rect onclick="alert(1)"/>',
  "<rect ONLOAD='alert(1)'/>",
  '<a href="javascript:alert(1)"/>',
  '<a xlink:href="&#106;ava&#x73;cript:alert(1)"/>',
  '<a href="java\tscript:alert(1)"/>',
  '<image href="https://example.com/a.png"/>',
  '<image href="//example.com/a.png"/>',
  '<image href="data:image/svg+xml;base64,AAAA"/>',
  '<use href="other.svg#a"/>',
  '<set attributeName="href" to="javascript:alert(1)"/>',
  '<rect fill="url(https://example.com/a)"/>',
  '<rect style="fill: u\\72l(https://example.com/a)"/>',
  '<style>@import "https://example.com/a.css";</style>',
  '<style>.a { background: url( "https://example.com/a" ) }</style>',
  '<style><![CDATA[@import "a.css";]]></style>',
])('%s is refused', (inside) => {
  expect(problemOf(() => check(root(inside)))).toBe('unsafe');
});

test.each([
  ['<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', 'unsafe'],
  ['<html><body/></html>', 'not-a-picture'],
  ['<!-- nothing -->', 'not-a-picture'],
  [`${root('')}${root('')}`, 'damaged'],
  [`${root('')} and text`, 'damaged'],
  [root('<g></h>'), 'damaged'],
  [root('<g a=b></g>'), 'damaged'],
])('%s is %s', (text, problem) => {
  expect(problemOf(() => check(text))).toBe(problem);
});

test('bytes that are no UTF-8 are damaged', () => {
  expect(problemOf(() => checkSVG(Buffer.from([0x3c, 0xff, 0xfe])))).toBe('damaged');
});

test('whatever a drawing is cut to is refused', () => {
  const text = whole.trimEnd();
  fc.assert(
    fc.property(fc.nat({ max: text.length - 1 }), (length) => {
      expect(problemOf(() => check(text.slice(0, length)))).toMatch(/truncated|damaged|not-a-picture/);
    }),
  );
});

test('any text either has a size or is refused with words', () => {
  const pieces = fc.constantFrom(
    '<svg',
    '</svg>',
    '<g>',
    '</g>',
    '>',
    '/>',
    ' a="b"',
    '"',
    "'",
    '<!--',
    '-->',
    '&#x41;',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' }))), (parts) => {
      const problem = problemOf(() => check(parts.join('')));
      expect([undefined, 'unsafe', 'truncated', 'damaged', 'not-a-picture']).toContain(problem);
    }),
    { numRuns: 500 },
  );
});

describe('only where a drawing is declared', () => {
  const probed = (probe: ReturnType<typeof createProbe>, bytes: Uint8Array, step = 7) => {
    for (let at = 0; at < bytes.length; at += step) probe.push(bytes.subarray(at, at + step));
    return probe.end();
  };

  test('it is taken', () => {
    const bytes = Buffer.from(whole);
    const facts = { mediaType: 'image/svg+xml', width: 640, height: 480, byteLength: bytes.length, alpha: true };
    expect(probed(createDrawingProbe(), bytes)).toEqual(facts);
    expect(problemOf(() => probed(createProbe(), bytes))).toBe('not-a-picture');
  });

  test('a picture in its place is a picture', () => {
    const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
    expect(probed(createDrawingProbe(), gif)).toMatchObject({ mediaType: 'image/gif', width: 1, height: 1 });
  });

  test('too long and empty are refused', () => {
    expect(problemOf(() => probed(createDrawingProbe({ maxBytes: 100 }), Buffer.from(whole)))).toBe('too-large');
    expect(problemOf(() => createDrawingProbe().end())).toBe('empty');
  });
});
