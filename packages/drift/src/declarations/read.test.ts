import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { packageReader } from './read.ts';

/** What is read of a package with these files. */
function read(path: string, files: Readonly<Record<string, string>> | string, file = 'index.d.ts') {
  const folder = mkdtempSync(join(tmpdir(), 'anyimage-drift-'));
  for (const [name, text] of Object.entries(typeof files === 'string' ? { [file]: files } : files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { values, open, members, min, max } = packageReader(folder)(file, path);
  return {
    ...(values.length > 0 && { values: values.join(' ') }),
    ...(open && { open }),
    ...(members.size > 0 && { members: [...members.keys()].join(' ') }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
}

const zodObject = `
  declare const options: z.ZodObject<{
    quality: z.ZodOptional<z.ZodNullable<z.ZodEnum<{ low: "low"; high: "high" }>>>;
    tier: z.ZodEnum<["1k", "2k"]>;
    kind: z.ZodUnion<[z.ZodLiteral<"a">, z.ZodString]>;
  }, z.core.$strip>;
  type Options = z.infer<typeof options>;`;

test.each<[string, string, string, ReturnType<typeof read>]>([
  ['a union', 'A', `type A = 'a' | "b" | 1 | -1 | true | null | undefined`, { values: 'a b 1 -1 true' }],
  ['a union of unions', 'A', `type A = B | 'c'; type B = 'a' | 'b'`, { values: 'a b c' }],
  ['an open union', 'A', `type A = 'a' | (string & {})`, { values: 'a', open: true }],
  ['an open union of the other order', 'A', `type A = (string & {}) | 'a' | null`, { values: 'a', open: true }],
  ['any text', 'A', 'type A = string', { open: true }],
  ['text of a form', 'A', `type A = \`\${number}x\${number}\``, { open: true }],
  ['an enum', 'A', `declare enum A { One = "ONE", Two = "TWO" }`, { values: 'ONE TWO', members: 'One Two' }],
  ['an entry of an enum', 'B', `declare enum A { One = "ONE" } type B = A.One`, { values: 'ONE' }],
  [
    'the entries of an interface',
    'A',
    `interface A { one?: string; 'two': 'x'; three(): void }`,
    { members: 'one two three' },
  ],
  ['an entry of an interface', 'A.one', `interface A { one?: 'x' | 'y' | null }`, { values: 'x y' }],
  ['an entry that is inherited', 'A.one', `interface A extends B {} interface B { one: 'x' }`, { values: 'x' }],
  ['an entry of an entry', 'A.one.two', `interface A { one?: { two: 'x' } | null }`, { values: 'x' }],
  ['an entry of some of a union', 'A.one', `type A = { one: 'x' } | { one: 'y' } | { two: 'z' }`, { values: 'x y' }],
  ['an intersection', 'A', `type A = { one: 'x' } & B; interface B { two: 'y' }`, { members: 'one two' }],
  ['a list', 'A', `type A = ('a' | 'b')[]`, { values: 'a b' }],
  ['a list by name', 'A', `type A = ReadonlyArray<'a' | 'b'>`, { values: 'a b' }],
  ['a tuple', 'A', `type A = (typeof ids)[number]; declare const ids: readonly ["a", "b"]`, { values: 'a b' }],
  [
    'keys',
    'A',
    `type A = keyof typeof table; declare const table: { 'a-1': Row; 'b': { c: 'd' } }`,
    { values: 'a-1 b' },
  ],
  [
    'an indexed entry',
    'A',
    `type A = Ids['image'] | (string & {}); type Ids = { image: 'a' }`,
    { values: 'a', open: true },
  ],
  ['all that an object names', 'A', `type A = T[keyof T]; type T = { one: 'a'; two: 'b' }`, { values: 'a b' }],
  ['a mapped type', 'A', `type A = { [K in 'one' | 'two']?: string }`, { members: 'one two' }],
  ['a type with a parameter', 'A', `type A = Maybe<'a'>; type Maybe<T, U = 'u'> = T | U | null`, { values: 'a u' }],
  ['left out', 'A', `type A = Omit<{ one: 'x'; two: 'y' }, 'one'>`, { members: 'two' }],
  ['picked', 'A', `type A = Pick<{ one: 'x'; two: 'y' }, 'one'>`, { members: 'one' }],
  ['excluded', 'A', `type A = Exclude<'a' | 'b', 'b'>`, { values: 'a' }],
  ['extracted', 'A', `type A = Extract<'a' | 'b', 'b'>`, { values: 'b' }],
  ['a record', 'A', `type A = Partial<Record<'one' | 'two', string>>`, { members: 'one two' }],
  ['either of two', 'A', `type A = B extends C ? 'a' : 'b'`, { values: 'a b' }],
  ['a class', 'A', `declare class A { one?: 'x'; private two; }`, { members: 'one' }],
  [
    'a namespace',
    'A',
    `type A = N.Inner['x']; declare namespace N { interface Inner { x: Own } type Own = 'a' }`,
    { values: 'a' },
  ],
  ['a namespace in one', 'N.M.A', `declare namespace N.M { type A = B } type B = 'b'`, { values: 'b' }],
  [
    'an interface with a namespace',
    'A.svg.effort',
    `interface A { svg?: A.Svg | null } declare namespace A { interface Svg { effort: 'low' } }`,
    { values: 'low' },
  ],
  ['an object of zod', 'Options', zodObject, { members: 'quality tier kind' }],
  ['an enum of zod', 'Options.quality', zodObject, { values: 'low high' }],
  ['an enum of zod from a list', 'Options.tier', zodObject, { values: '1k 2k' }],
  ['a union of zod', 'Options.kind', zodObject, { values: 'a', open: true }],
  [
    'a schema of a library',
    'A.one',
    `declare const s: import("lib").LazySchema<{ one?: 'x' }>; type A = InferSchema<typeof s>`,
    { values: 'x' },
  ],
  [
    'a name that is a type and a value',
    'A',
    `declare const A: { readonly One: "1:1" }; type A = Open<typeof A>; type Open<T> = T[keyof T] | (string & {})`,
    { values: '1:1', open: true },
  ],
  ['a name that is exported', 'B', `type A = 'a'; export { type A as B }`, { values: 'a' }],
])('%s', (_, path, text, found) => {
  expect(read(path, text)).toEqual(found);
});

const schemas = `
  import { z } from 'zod';
  const ids = ['a', 'b'] as const;
  const base = () => z.object({ quality: z.enum(ids).optional(), n: z.number().int().min(1).max(10).nullish() });
  export const options = lazySchema(() => zodSchema(base().extend({ style: z.enum({ x: 'x', y: 'y' }).refine(() => true) })));
  export const sizes = new Set([...ids, \`c\`]);
  export const table = Object.freeze({ 'm-1': { label: 'M' }, ...more } satisfies Table);
  const more = { 'm-2': null };
  function named() { return z.union([z.literal('a'), z.string()]); }
  export const called = named();`;

test.each<[string, string, ReturnType<typeof read>]>([
  ['a list', 'ids', { values: 'a b' }],
  ['a set of what lists hold', 'sizes', { values: 'a b c' }],
  ['an object', 'table', { members: 'm-1 m-2' }],
  ['an entry of an object', 'table.m-1.label', { values: 'M' }],
  ['the entries of a schema', 'options', { members: 'quality n style' }],
  ['the values of a schema', 'options.quality', { values: 'a b' }],
  ['the values of a schema from an object', 'options.style', { values: 'x y' }],
  ['a range', 'options.n', { open: true, min: 1, max: 10 }],
  ['a function', 'called', { values: 'a', open: true }],
])('in code: %s', (_, path, found) => {
  expect(read(path, schemas, 'src/index.ts')).toEqual(found);
  expect(read(path, schemas.replaceAll(/ (?:as const|satisfies Table)/g, ''), 'dist/index.mjs')).toEqual(found);
});

test('names lead through imports and exports of other files', () => {
  const files = {
    'index.d.ts': `import * as API from './deep/api.js'; import { type Open as Wide } from './open.js';
      export type A = API.Ids | Wide<'x'> | Named; import type Named from './deep'; export * from './open.js'; export { Id as E } from './deep/api.mjs'`,
    'deep/api.d.ts': `export type { Id as Ids } from './ids.js'`,
    'deep/api.d.mts': `export type Id = 'mts'`,
    'deep/ids.d.ts': `export type Id = 'a' | 'b'`,
    'deep/index.d.ts': `type Named = 'n'; export { Named as default }`,
    'open.d.ts': `export type Open<T> = T | (string & {}); export type Star = 's'`,
  };
  expect(read('A', files)).toEqual({ values: 'a b x n', open: true });
  expect(read('Star', files)).toEqual({ values: 's' });
  expect(read('E', files)).toEqual({ values: 'mts' });
});

test.each([
  ['a file that is not there', 'A', {}, 'there is no index.d.ts'],
  ['a file that is no TypeScript', 'A', 'type A = = 1', 'index.d.ts cannot be parsed'],
  ['a type that is not there', 'A', `type B = 'a'`, 'index.d.ts has no A'],
  ['an entry that is not there', 'A.one.two', `interface A { one: { three: 'x' } }`, 'index.d.ts has no A.one.two'],
  [
    'an entry of an index',
    'A',
    `type A = B['one']; interface B { two: 'x' }`,
    'index.d.ts has no one in what it indexes',
  ],
  [
    'a type of another package',
    'A',
    `import { B } from 'lib'; type A = 'a' | B`,
    'index.d.ts takes B from another package, which is not read',
  ],
  [
    'a generic of another package',
    'A',
    `type A = lib.Strange<'a'>`,
    'index.d.ts takes lib.Strange from another package',
  ],
  ['a base of another package', 'A', `interface A extends Other { one: 'x' }`, 'takes Other from another package'],
  [
    'an intersection of values',
    'A',
    `type A = ('a' | 'b') & ('b' | 'c')`,
    'a form that is not understood: an intersection of values',
  ],
  ['a function', 'A', 'type A = () => void', 'a form that is not understood: TSFunctionType'],
  ['a value that is not there', 'A', 'type A = keyof typeof table', 'index.d.ts has no table'],
  ['a type that is of itself', 'A', `type A = B; type B = A`, 'index.d.ts has A, which is made of itself'],
])('%s is told', (_, path, files, message) => {
  expect(() => read(path, files)).toThrow(message);
});
