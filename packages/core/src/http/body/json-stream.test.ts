import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ImageError } from '../../contract/errors.ts';
import { type JsonOptions, longString, parseJsonStream } from './json-stream.ts';

async function* parted(bytes: Uint8Array, cuts: readonly number[]) {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let index = 1; index < edges.length; index++) yield bytes.slice(edges[index - 1], edges[index]);
}

const parse = (text: string, cuts: readonly number[] = [], limits?: JsonOptions) =>
  parseJsonStream(parted(Buffer.from(text), cuts), limits);

const bytesOf = (length: number, seed = 1) =>
  new Uint8Array(length).map((_, index) => (index * seed * 31 + (index >> 8)) % 256);
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

/** A JSON text of our own making, with what it should parse to. */
interface Case {
  readonly text: string;
  readonly value: unknown;
}
/** Read back from the text, which cannot say some things, -0 for one. */
const jsonOf = (value: unknown): Case => {
  const text = JSON.stringify(value);
  return { text, value: JSON.parse(text) };
};

const picture: fc.Arbitrary<Case> = fc
  .record({
    length: fc.integer({ min: 3072, max: 120_000 }),
    seed: fc.integer({ min: 1, max: 1000 }),
    form: fc.constantFrom('plain', 'slashes', 'data', 'data-slashes', 'url'),
  })
  .map(({ length, seed, form }) => {
    const value = bytesOf(length, seed);
    // Without padding, base64url is only known by a character of its own; 0xfb begins with one.
    if (form === 'url') value[0] = 0xfb;
    const text = form === 'url' ? base64url(value) : base64(value);
    const prefixed = form.startsWith('data') ? `data:image/png;base64,${text}` : text;
    return { text: `"${form.endsWith('slashes') ? prefixed.replaceAll('/', '\\/') : prefixed}"`, value };
  });

/** Long strings that look like base64 for a while, or to the end. */
const almost: fc.Arbitrary<Case> = fc
  .record({
    length: fc.integer({ min: 3072, max: 100_000 }),
    at: fc.nat(),
    spoiler: fc.constantFrom(' ', '=', 'é', '"', '\\', '\n', '-', '😀', ':', ',', 'A', '==='),
    prefix: fc.constantFrom(
      '',
      'data:image/png;base64,',
      'data:',
      'data:text/plain,',
      'data:a/b;base64,data:a/b;base64,',
    ),
  })
  .map(({ length, at, spoiler, prefix }) => {
    const text = base64(bytesOf(length).map((byte) => byte | 0xc0)).replaceAll('=', 'A');
    const place = at % (text.length + 1);
    const spoiled = prefix + text.slice(0, place) + spoiler + text.slice(place);
    return jsonOf(spoiled);
  })
  .filter(({ value }) => !isBase64(String(value).replace(/^data:[\w.+-]+\/[\w.+-]+;base64,/, '')));

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0;
}

const leaf = fc.oneof(
  { weight: 4, arbitrary: fc.jsonValue().map(jsonOf) },
  { weight: 3, arbitrary: picture },
  { weight: 2, arbitrary: almost },
);
const document: fc.Arbitrary<Case> = fc.letrec<{ node: Case }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie('node'), { maxLength: 4 }).map((items) => ({
      text: `[ ${items.map((item) => item.text).join(' ,')}]`,
      value: items.map((item) => item.value),
    })),
    fc.dictionary(fc.string(), tie('node'), { maxKeys: 4, noNullPrototype: true }).map((entries) => ({
      text: `{${Object.entries(entries)
        .map(([key, item]) => `\n${JSON.stringify(key)} :${item.text}`)
        .join(',')}}`,
      value: Object.fromEntries(Object.entries(entries).map(([key, item]) => [key, item.value])),
    })),
  ),
})).node;

test('any JSON in any chunks is parsed as JSON.parse does, with its long base64 strings as bytes', async () => {
  await fc.assert(
    fc.asyncProperty(
      document,
      fc.array(fc.nat(), { maxLength: 20 }),
      // Space that makes it too long to be parsed at once.
      fc.constantFrom('', ' '.repeat(longString)),
      fc.constantFrom('as it is', 'not', 'too short', 'too long'),
      async ({ text, value }, cuts, space, said) => {
        const body = `${text}${space}`;
        const length = Buffer.byteLength(body);
        const announced = { 'as it is': length, not: undefined, 'too short': length >> 2, 'too long': 9 * length }[
          said
        ];
        expect(await parse(body, cuts, { announced })).toEqual(value);
      },
    ),
    { numRuns: 250 },
  );
}, 120_000);

test('chunks of one byte give the same', async () => {
  const value = { a: 'x"\\é😀', b: bytesOf(3100), c: [1, null, 'data:image/png;base64,QUJD'] };
  const text = JSON.stringify({ ...value, b: `data:image/png;base64,${base64(value.b)}` }).replaceAll('/', '\\/');
  const cuts = Array.from({ length: Buffer.byteLength(text) }, (_, index) => index);
  expect(await parse(text, cuts)).toEqual(value);
});

describe('what stays text', () => {
  test.each([
    ['base64 shorter than 4096 characters', base64(bytesOf(3000))],
    ['a length that is not whole groups', 'QUJD'.repeat(2000).slice(0, -1)],
    ['padding too long for the length', `${'QUJD'.repeat(2000)}=`],
    ['padding in the middle', `${'QUJD'.repeat(2000)}==QUJD`],
    ['both alphabets in one string', `${'QUJD'.repeat(2000)}+-AA`],
    ['a data URI that is not base64', `data:image/svg+xml,${'A'.repeat(5000)}`],
    ['a prefix without end', `data:${'a'.repeat(5000)}`],
    ['a very long text', 'The quick brown fox. '.repeat(10_000)],
  ])('%s', async (_, text) => {
    expect(await parse(JSON.stringify({ text }))).toEqual({ text });
  });

  test('keys, however long', async () => {
    const key = 'QUJD'.repeat(2000);
    const value = { [key]: 1, b: [{ c: 2, [key]: [3] }, 4], [`${key}QUJD`]: { [key]: 5 } };
    expect(await parse(JSON.stringify(value))).toEqual(value);
  });
});

describe('what becomes bytes', () => {
  test('a string of exactly 4096 characters, as the whole body', async () => {
    const bytes = bytesOf(3072);
    expect(base64(bytes)).toHaveLength(longString);
    const parsed = await parse(JSON.stringify(base64(bytes)));
    expect(parsed).toEqual(bytes);
    expect(parsed).toBeInstanceOf(Uint8Array);
  });

  test('base64url without padding', async () => {
    const bytes = bytesOf(5000, 7);
    const text = base64url(bytes);
    expect(text).toMatch(/[-_]/);
    expect(await parse(`["${text}"]`)).toEqual([bytes]);
  });
});

describe('limits and failures', () => {
  const problem = async (work: Promise<unknown>) => {
    const error = await work.catch((reason: unknown) => reason);
    if (!ImageError.isInstance(error)) throw new Error('nothing was thrown');
    expect(error.code).toBe('bad-response');
    return error.message;
  };

  test('a body longer than allowed is refused while it arrives', async () => {
    let served = 0;
    async function* endless() {
      for (;;) {
        served += 1;
        yield Buffer.from('"QUJD'.padEnd(1000, 'QUJD'));
      }
    }
    expect(await problem(parseJsonStream(endless(), { maxBytes: 10_000 }))).toBe(
      'the answer is longer than 10000 bytes',
    );
    expect(served).toBe(11);
  });

  test('text besides the pictures has its own limit', async () => {
    const text = JSON.stringify({ a: 'no base64, '.repeat(100), b: base64(bytesOf(90_000)) });
    expect(await problem(parse(text, [], { maxText: 1000 }))).toMatch(/text of the answer is longer than 1000 bytes/);
    expect(await parse(text, [], { maxText: 1300 })).toMatchObject({ b: bytesOf(90_000) });
  });

  test.each([
    ['', 'the answer is empty, JSON was expected'],
    ['<html>no</html>', 'the answer is not JSON; it starts with “<html>no</html>”'],
    ['{"a":1', 'the answer ends in the middle of its JSON'],
    ['{"a":"xyz', 'the answer ends in the middle of its JSON'],
    [`{"a":"${'QUJD'.repeat(2000)}`, 'the answer ends in the middle of its JSON'],
    ['{"a":1}}', 'the answer is not JSON; it starts with “{"a":1}}”'],
  ])('%j is refused', async (text, message) => {
    expect(await problem(parse(text.slice(0, 9000)))).toBe(message);
  });

  const picture = bytesOf(9000);
  const document = `{"image":"${base64(picture)}","score":1}`;
  test.each([
    [
      'lines',
      `{"done":false}\n${document}\n`,
      { documents: [{ done: false }, { image: picture, score: 1 }], rest: '\n\n' },
    ],
    [
      'figures that are none',
      document.replace('1}', 'NaN}'),
      { documents: [{ image: picture, score: null }], rest: '' },
    ],
    ['a cut', document.slice(0, -4), [picture, expect.stringContaining('"score')]],
    ['another text', `-- ${document}`, Buffer.from(`-- ${document}`)],
  ])('of %s it is told what there is', async (_, text, told) => {
    const broken: unknown[] = [];
    await problem(parse(text, [], { onBroken: (body) => broken.push(body) }));
    expect(broken).toEqual([told]);
  });
});
