import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ImageError } from '../contract/errors.ts';
import { checkSVG } from './svg.ts';
import { createDrawingProbe, createProbe } from './verify.ts';

const root = (inside: string, attributes = 'width="640" height="480"') =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:s="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${inside}</svg>`;
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
  '<s:script/>',
  '<SCRIPT/>',
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
  '<style>&#64;import "https://example.com/a.css";</style>',
  '<style>.a { fill: url&#40;https://example.com/a#b&#41; }</style>',
  '<style>@imp<!-- -->ort "https://example.com/a.css";</style>',
  '<style>@imp<![CDATA[ort "https://example.com/a.css";]]></style>',
  '<style>.a { fill: u\\rl(https://example.com/a) }</style>',
  '<style>@\\import url(#a);</style>',
  '<rect style="fill:url&#x00000028;https://example.com/a&#x00000029;"/>',
  "<rect style=\"mask:image-set('data:image/png;base64,AA' 1x, 'https://example.com/a' 2x)\"/>",
  '<a href="#"><animate attributeName="href" values="#a;javascript:alert(1)"/></a>',
  '<a href="#"><set attributeName="xlink:href" to="java&#10;script:alert(1)"/></a>',
  '<image><set attributeName="href" to="//example.com/a.png"/></image>',
  '<rect><set attributeName="onclick" to="alert(1)"/></rect>',
  '<x:img xmlns:x="http://www.w3.org/1999/xhtml" srcset="https://example.com/a 1x"/>',
  '<p xmlns="http://www.w3.org/1999/xhtml"/>',
  '<s:g xmlns:s="http://www.w3.org/1999/xlink"/>',
  '<video src="#a"/>',
  '<g xml:base="https://example.com/"/>',
  '<?xml-stylesheet href="https://example.com/a.css"?>',
])('%s is refused', (inside) => {
  expect(problemOf(() => check(root(inside)))).toBe('unsafe');
});

test.each([
  '<a href="https://example.com/"><text>a link that is followed only if it is clicked</text></a>',
  '<style>@namespace svg url(http://www.w3.org/2000/svg); @media print { .a { fill: url(#a) } }</style>',
  '<style>@font-face { font-family: a; src: url(data:font/woff2;base64,AA) }</style>',
  '<rect aria-label="an image (of a boat)"/>',
  '<metadata xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:RDF rdf:about="x"/></metadata>',
  '<s:g fill="url( \'#a\' )"><animate attributeName="opacity" values="0;1"/></s:g>',
])('%s is harmless', (inside) => {
  expect(check(`<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">${root(inside)}`)).toEqual(
    {
      width: 640,
      height: 480,
    },
  );
});

test.each([
  ['<?xml version="1.0" encoding="ISO-2022-JP"?><svg/>', 'unsafe'],
  ['<svg>&other;</svg>', 'damaged'],
  ['<svg>&#x110000;</svg>', 'damaged'],
  ['<svg><unbound:g/></svg>', 'damaged'],
  ['<svg a="1" a="2"/>', 'damaged'],
  [`<svg${' a="b"'.repeat(200_000)}/>`, 'damaged'],
  [`<svg ${'a'.repeat(200_000)}`, 'damaged'],
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
    const facts = {
      mediaType: 'image/svg+xml',
      width: 640,
      height: 480,
      byteLength: bytes.length,
      alpha: true,
      grey: false,
      c2pa: false,
    };
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
