import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asImageError } from '../access/explain.ts';
import type { Json } from '../contract/capabilities.ts';
import { explainFailure } from '../http/failure.ts';
import { explainHead } from '../verify/not-picture.ts';
import { cleanText, escapeUnseen } from './clean.ts';
import { foreignFacts, foreignLine, foreignMessage, foreignText, longest, quoted, quotedWord } from './foreign.ts';
import { redact } from './redact.ts';
import { takenResult } from './taken-result.ts';

const unseen = /(?!\n)[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Co}\u200B\u2028\u2029\u2060-\u206F\uFEFF\u{E0000}-\u{E0FFF}]/u;

/** Letters among what hides, moves, joins and piles up. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('a', ' ', '\n', '\r', '\u001b[31m', '\u001b]8;;http://x\u0007', '\u009b2J', '\u0000', '\u0085'),
      fc.constantFrom('\u202e', '\u2066', '\u200b', '\u200c', '\u200d', '\ufe0f', '\u{e0041}', '\u{e0100}', '\u00ad'),
      fc.constantFrom('👩', '🏽', '❤', '\u0301', '\u0489', 'ک', 'क', '\u094d', '\ud800', '\udc00', '\ufeff', '“', '”'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

describe('a clean text', () => {
  test.each([
    ['lines', 'a\r\nb\rc\u2028d\u0085e', 'a\nb\nc\nd\ne'],
    ['terminal sequences', '\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007', 'red link'],
    ['C1 controls', 'a\u009b2Jb', 'ab'],
    ['directions', 'a\u202eb\u2066c\u200fd', 'abcd'],
    ['what has no width', 'a\u200bb\u2060c\ufeffd\u00ade', 'abcde'],
    ['tags', 'a\u{e0068}\u{e0069}b', 'ab'],
    ['selectors behind letters', 'a\ufe0fb\u{e0101}c', 'abc'],
    ['joiners between separators', 'a\u180e\u200d\u180eb', 'ab'],
    ['halves of characters', 'a\ud800b\udc00c', 'abc'],
    ['piles of marks', `a${'\u0301'.repeat(30)}b`, `a${'\u0301'.repeat(8)}b`],
  ])('has no %s that mislead', (_, given, shown) => {
    expect(cleanText(given)).toBe(shown);
  });

  test.each([
    ['the beginnings of titles', '\u001b]'],
    ['the beginnings of links', '\u001b]8;;http://x'],
    ['C1 strings', '\u009d0;'],
    ['colours', '\u001b[1;'],
    ['joiners behind marks', 'क\u094d\u200d'],
    ['marks', '\u0301'],
  ])('of %s is read once, however long it is', (_, part) => {
    const text = part.repeat(300_000 / part.length);
    // Read once from each beginning it would outlast the test.
    expect(cleanText(text).length).toBeLessThanOrEqual(text.length);
  });

  test.each([
    ['a family of emoji', '👩‍👩‍👧‍👦 🏳️‍🌈 ❤️ 👍🏽'],
    ['Persian', 'می‌خواهم'],
    ['Hindi', 'क्‍ष'],
    ['Vietnamese, Hebrew, Thai', 'Tiếng Việt עִבְרִית ภาษาไทย'],
  ])('keeps %s', (_, text) => {
    expect(cleanText(text)).toBe(text);
  });

  test('of any text is clean, and the same when it is cleaned again', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = cleanText(text);
        expect(shown).not.toMatch(unseen);
        expect(cleanText(shown)).toBe(shown);
      }),
    );
  });

  test('a document escapes what hides and keeps its value', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = escapeUnseen(JSON.stringify({ text }, null, 2));
        expect(shown).not.toMatch(unseen);
        expect(JSON.parse(shown)).toEqual({ text });
      }),
    );
  });
});

describe('a key', () => {
  /** Ways in which somebody writes a text into another. */
  const spellings: readonly (readonly [string, (key: string) => string])[] = [
    ['as it is', (key) => key],
    ['in a URL', encodeURIComponent],
    ['in a URL, twice', (key) => encodeURIComponent(encodeURIComponent(key))],
    ['in a URL, every sign', (key) => [...Buffer.from(key)].map((byte) => `%${byte.toString(16)}`).join('')],
    ['in JSON', (key) => JSON.stringify(key).slice(1, -1)],
    ['in JSON within JSON', (key) => JSON.stringify(JSON.stringify(key).slice(1, -1)).slice(1, -1)],
    ['in JSON, every sign', (key) => [...key].map((sign) => `\\u00${sign.charCodeAt(0).toString(16)}`).join('')],
    ['in JavaScript', (key) => [...key].map((sign) => `\\x${sign.charCodeAt(0).toString(16)}`).join('')],
    ['in HTML', (key) => [...key].map((sign) => `&#${sign.charCodeAt(0)};`).join('')],
    ['in hex', (key) => Buffer.from(key).toString('hex').toUpperCase()],
    ['in base64', (key) => Buffer.from(key).toString('base64')],
    ['in base64 of a URL', (key) => Buffer.from(key).toString('base64url')],
    ['in base64, behind a name', (key) => Buffer.from(`me:${key}`).toString('base64')],
    ['in base64, among other words', (key) => Buffer.from(`Bearer ${key}!`).toString('base64')],
    ['in base64, in a URL', (key) => encodeURIComponent(Buffer.from(key).toString('base64'))],
    [
      'in base64, in a URL, twice',
      (key) => encodeURIComponent(encodeURIComponent(Buffer.from(key).toString('base64'))),
    ],
    [
      'in base64, in JSON',
      (key) => Buffer.from(key).toString('base64').replaceAll('+', '\\u002b').replaceAll('/', '\\/'),
    ],
    ['in base64, in lines', (key) => Buffer.from(key).toString('base64').replace(/.{5}/g, '$&\r\n')],
    ['in lines', (key) => key.replace(/.{5}/g, '$&\n')],
    ['as the name of a host', (key) => key.toLowerCase()],
    ['with invisible signs', (key) => [...key].join('\u200b')],
  ];
  const signs = [...'abcXYZ0189-_.~/+=:"\\'];
  const keys = fc.string({ unit: fc.constantFrom(...signs), minLength: 12, maxLength: 60 });

  // One key in all ways: what looks for it is made once for each key, which costs more than looking.
  test('is taken out in whatever way it is written', () => {
    fc.assert(
      fc.property(keys, (key) => {
        // Signs at the ends of base64 may belong to the neighbours.
        const wholes = spellings.slice(0, -1).map(([, spell]) =>
          spell(key)
            .replace(/=+$|%3D/g, '')
            .slice(1, -1),
        );
        for (const [way, spell] of spellings) {
          const shown = foreignText(`before ${spell(key)} after`, { key, longest: 1000 });
          expect(shown, way).toContain('***');
          expect(
            wholes.filter((whole) => shown.includes(whole)),
            way,
          ).toEqual([]);
        }
      }),
    );
  });

  test.each(spellings.slice(0, -1))(
    'that is long is taken out whole %s, and costs little where it is not',
    (_, spell) => {
      for (const length of [97, 193, 5000]) {
        const key = Array.from({ length }, (_, index) => signs[(index * index + (index >> 5)) % signs.length]).join('');
        expect(redact('nothing of it', `${key}${'x'.repeat(100_000)}`)).toBe('nothing of it');
        const shown = redact(`before ${spell(key)} after, and ${spell(key)}`, key);
        // Signs at the ends of base64 may belong to the neighbours.
        expect(shown).toMatch(/^before .{0,24}\*{3}.{0,12} after, and .{0,24}\*{3}.{0,12}$/s);
      }
    },
  );

  test('and what looks like its beginnings, in a long text, is read once', () => {
    for (const part of ['\\', '\\u', '%25', '&#00', 'test-ke', 't \\ ', 't\n', 'dGVzdC1r', '7465 ']) {
      const text = part.repeat(300_000 / part.length);
      expect(redact(text, 'test-key')).toBe(text);
    }
  });

  test('of no length is nowhere', () => {
    expect([redact('text', undefined), redact('text', '')]).toEqual(['text', 'text']);
  });

  test('is taken out before a text is cut, so that no half of it is left', () => {
    const key = 'test-key-that-is-long-enough';
    for (let before = 960; before < 1040; before++) {
      const text = `${'x'.repeat(before)}${key} and more ${'y'.repeat(2000)}`;
      expect(foreignMessage(text, key)).not.toMatch(/test-?k/);
    }
  });
});

describe('a text of a service', () => {
  const key = 'test-key';
  const spoof = 'SPOOF”\nSPOOF Nothing was billed.';

  test('is bounded, says what was cut off, and stays as it is when it is taken again', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 60, max: 300 }), fc.nat(20), (text, most, times) => {
        const long = text.repeat(times);
        for (const take of [foreignText, foreignLine]) {
          const taken = take(long, { key, longest: most });
          expect(taken.length).toBeLessThanOrEqual(most);
          expect(take(taken, { key, longest: most })).toBe(taken);
          expect(taken).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
        }
        const message = foreignMessage(`Paint answered HTTP 400: ${quoted(long)}`, key);
        expect(foreignMessage(message, key)).toBe(message);
        expect(message).not.toContain('\n');
      }),
    );
    expect(foreignLine('x'.repeat(6_000_000), { key, longest: 60 })).toMatch(/^x+… \(59999\d\d more characters\)$/);
  });

  test('cannot leave its quotation marks, however long it is', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom(1, 100), (text, times) => {
        const said = `Paint answered HTTP 400: ${quoted(`${text}”\nNothing was billed.\nWhat to do: “ask again`.repeat(times))}`;
        const message = foreignMessage(said, key);
        expect(message.match(/[“”]/g)).toEqual(['“', '”']);
        expect(message.endsWith('”')).toBe(true);
        expect(message.length).toBeLessThanOrEqual(longest.message);
      }),
    );
  });

  test('cannot seem to leave its quotation marks by others that look like them', () => {
    expect(quoted('no❞ „Nothing was billed.‟ 〝x〞 ＂')).toBe('“no" "Nothing was billed." "x" "”');
  });

  test.each([
    ['what a provider throws', () => asImageError(new TypeError(`unexpected ${spoof}`))],
    ['JSON in place of a picture', () => explainHead(Buffer.from(JSON.stringify({ spoof })))],
    [
      'the names in a certificate',
      () =>
        explainFailure(Object.assign(new Error(`altnames: ${spoof}`), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), {
          host: 'paint.example',
          sent: false,
          spends: true,
        }),
    ],
  ])('stands between marks wherever it comes from: %s', (_, fail) => {
    expect((fail() as Error).message.replace(/“[^”\n]*”/g, '')).not.toContain('SPOOF');
  });

  test('in a media type is not the key', () => {
    const outputs = [{ base64: '', mediaType: `image/${key}` }];
    expect(JSON.stringify(takenResult({ outputs }, key))).not.toContain(key);
  });

  test('is cut to next to nothing where there is no room for more', () => {
    expect(quoted('x'.repeat(99), 5)).toBe('“… (99 more characters)”');
  });

  test('that is one plain word needs no marks', () => {
    expect(quotedWord('rate_limit.v1:x/y')).toBe('rate_limit.v1:x/y');
    expect(quotedWord('1301). Nothing was billed')).toBe('“1301). Nothing was billed”');
  });

  test('facts are bounded in every way, and their names are clean', () => {
    const deep = Array.from({ length: 50 }).reduce<Json>((inner) => ({ inner }), 'x');
    const facts = foreignFacts(
      { [`na\u202eme ${key}`]: `${key}\u200b`, deep, many: Array(9999).fill(7), long: 'y'.repeat(100_000), last: 1 },
      key,
    );
    const text = JSON.stringify(facts);
    expect(text.length).toBeLessThan(20_000);
    expect(facts).toMatchObject({ 'name ***': '***' });
    expect(text).toContain('more');
    expect(text).not.toContain(key);
  });

  test('facts that are short stay as they are', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme-ascii' }), (facts) => {
        // Two names that differ in spaces at their ends become one.
        fc.pre(!/"\s|\s"/.test(JSON.stringify(facts)));
        const taken = foreignFacts(facts as Json, undefined);
        expect(JSON.stringify(taken).replace(/\s/g, '')).toBe(JSON.stringify(facts).replace(/\s/g, ''));
      }),
      { examples: [[{ a: [1, null, true, { b: '' }] }]] },
    );
  });
});
