// What an editor offers to who writes a program with anyimage, and what the compiler refuses.

import { cogview } from '@anyimage/provider-cogview';
import { openai } from '@anyimage/provider-openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Editor, openEditor } from './editor.ts';

const head = `import { type Client, createClient, generateImage, type ImageProvider, type ImageStore } from '@anyimage/core';
import { cogview } from '@anyimage/provider-cogview';
import { openai } from '@anyimage/provider-openai';
const client = createClient({ providers: [cogview(), openai()] });
const named = createClient({
  providers: [cogview(), openai()],
  aliases: { fast: 'openai/gpt-image-1', both: ['cogview', 'openai'] },
  defaultModel: 'fast',
});
const mine = cogview({ models: { 'cogview-5': { like: 'cogview-4', quality: { values: ['fine', 'finest'], default: 'fine' } } } });
const withOwn = createClient({ providers: [mine] });
declare const some: ImageProvider;
const mixed = createClient({ providers: [cogview(), some] });
const text: string = process.argv[2]!;
`;
const lines = head.split('\n').length;

const idsOf = ({ models }: { readonly models: object }) => Object.keys(models);
const namesOf = (provider: { readonly id: string; readonly models: object }) => [
  provider.id,
  ...idsOf(provider).map((id) => `${provider.id}/${id}`),
];
const names = ['auto', ...namesOf(cogview()), ...namesOf(openai())];

let editor: Editor;
beforeAll(async () => {
  editor = await openEditor();
});
afterAll(() => editor?.close());

test.each([
  ['the models of a provider', "generateImage({ provider: cogview(), prompt: 'x', model: '¦' })", idsOf(cogview())],
  ['those of one that takes others, too', "generateImage({ provider: openai(), model: '¦' })", idsOf(openai())],
  [
    'the sizes of a model',
    "generateImage({ provider: openai(), model: 'gpt-image-1', size: '¦' })",
    ['1024x1024', '1024x1536', '1536x1024'],
  ],
  [
    'the qualities of a model',
    "generateImage({ provider: openai(), model: 'gpt-image-1', quality: '¦' })",
    ['auto', 'high', 'low', 'medium'],
  ],
  ['the qualities of the usual model', "generateImage({ provider: cogview(), quality: '¦' })", ['hd', 'standard']],
  [
    'the options of a model',
    'generateImage({ provider: openai(), providerOptions: { ¦ } })',
    ['markup?', 'moderation?'],
  ],
  ['models of one’s own', "generateImage({ provider: mine, model: '¦' })", [...idsOf(cogview()), 'cogview-5']],
  ['their qualities', "generateImage({ provider: mine, model: 'cogview-5', quality: '¦' })", ['fine', 'finest']],
  [
    'models of one’s own, of a client',
    "withOwn.run({ model: '¦' })",
    ['auto', ...namesOf(cogview()), 'cogview/cogview-5'],
  ],
  ['all models of a client', "client.run({ model: '¦' })", names],
  ['all models, in a list', "client.generate({ model: ['cogview', '¦'] })", names],
  ['all models, for a plan', "client.plan({ model: '¦' })", names],
  ['names of its own, too', "named.run({ model: '¦' })", [...names, 'fast', 'both']],
  [
    'names for the usual model',
    "createClient({ providers: [cogview()], aliases: { mine: 'cogview' }, defaultModel: '¦' })",
    ['auto', 'mine', ...namesOf(cogview())],
  ],
  [
    'the qualities of a named model',
    "client.run({ model: 'openai/gpt-image-1', quality: '¦' })",
    ['auto', 'high', 'low', 'medium'],
  ],
  [
    'the sizes of a named model',
    "client.run({ model: 'openai/gpt-image-1', size: '¦' })",
    ['1024x1024', '1024x1536', '1536x1024'],
  ],
  [
    'the options of a provider by its name',
    "client.run({ model: 'openai', providerOptions: { ¦ } })",
    ['markup?', 'moderation?'],
  ],
  ['the qualities of the first provider', "client.run({ prompt: 'x', quality: '¦' })", ['hd', 'standard']],
  ['the qualities of an alias', "named.run({ model: 'fast', quality: '¦' })", ['auto', 'high', 'low', 'medium']],
  ['the qualities of the usual alias', "named.run({ quality: '¦' })", ['auto', 'high', 'low', 'medium']],
] as const)('%s are offered', async (_, program, expected) => {
  const offered = await editor.offeredIn(`${head}await ${program};`);
  expect(offered.toSorted()).toEqual([...expected].toSorted());
});

test('the words of a request are offered', async () => {
  const offered = await editor.offeredIn(`${head}await client.run({ model: 'openai/gpt-image-1', ¦ });`);
  expect(offered).toEqual(expect.arrayContaining(['prompt?', 'quality?', 'intent?', 'timeout?', 'signal?']));
});

/** What is wrong, and what the compiler says of it. */
const wrong = [
  ["await generateImage({ provider: cogview(), model: 'cogview-5' });", /"cogview-5".*"cogview-4"/],
  ["await generateImage({ provider: openai(), model: '' });", /'""'.*"gpt-image-1"/],
  ["await generateImage({ provider: openai(), model: 'gpt-image-1', quality: 'ultra' });", /"auto" \| "high"/],
  ['await generateImage({ provider: cogview(), seed: 1 });', /NotOfferedByThisModel<"seed">/],
  ["cogview({ models: { mine: { like: 'cogview-9' } } });", /"cogview-9".*"cogview-4"/],
  ["cogview({ models: { mine: { like: 'cogview-4', qualty: false } } });", /never/],
  ["await generateImage({ provider: mine, model: 'cogview-5', quality: 'hd' });", /"hd".*"fine" \| "finest"/],
  ["await client.run({ model: 'openai/gpt-image-1', quality: 'ultra' });", /"auto" \| "high"/],
  ["await client.generate({ model: 'openai/gpt-image-1', size: '1x1' });", /"1x1".*"1024x1024"/],
  [
    "await client.plan({ model: 'openai/gpt-image-1', providerOptions: { moderatoin: 'low' } });",
    /moderatoin.*moderation/,
  ],
  ["await client.run({ model: 'cogview/cogview-5' });", /"cogview\/cogview-5"/],
  ["await client.run({ model: 'cogviw' });", /"cogviw".*Did you mean '"cogview"'/],
  ["await client.run({ model: 'cogview', seed: 1 });", /NotOfferedByThisModel<"seed">/],
  ['await client.run({ seed: 1 });', /NotOfferedByThisModel<"seed">/],
  ["await named.run({ model: 'fast', quality: 'ultra' });", /"auto" \| "high"/],
  ["await mixed.run({ model: 'cogview/thing' });", /"cogview\/thing"/],
  ['createClient({ providers: [cogview()], tickts: 1 });', /'tickts' does not exist/],
  ['(await client.run({})).images[0].width;', /undefined/],
] as const;

test('what is wrong is a compile error that names what there is', async () => {
  const program = head + wrong.map(([line]) => line).join('\n');
  const complaints = await editor.complaintsOf(program);
  for (const [index, [line, expected]] of wrong.entries()) {
    const told = complaints.filter((one) => one.startsWith(`${lines + index}: `)).join('\n');
    expect(told, line).toMatch(expected);
  }
  expect(complaints).toHaveLength(wrong.length);
});

test('what is right compiles', async () => {
  const right = [
    "await generateImage({ provider: openai(), model: 'gpt-image-9', quality: 'ultra' });",
    "await generateImage({ provider: cogview(), model: text, quality: 'ultra', seed: 1 });",
    "await generateImage({ provider: cogview(), model: 'cogview/cogview-4-250304', quality: 'hd' });",
    "await generateImage({ provider: some, model: 'any', quality: 'ultra' });",
    "await client.run({ model: 'openai/gpt-image-9', quality: 'ultra' });",
    "await client.run({ model: ['cogview', 'openai/gpt-image-1'], seed: 1 });",
    'await client.run({ model: text, seed: 1 });',
    "await client.run({ model: text ? 'cogview' : 'openai', seed: 1 });",
    "await client.run({ model: 'auto', seed: 1 });",
    "await named.run({ model: 'both', quality: 'ultra' });",
    "await mixed.run({ model: 'some/thing', seed: 1 });",
    "await withOwn.run({ model: 'cogview/cogview-5', quality: 'finest' });",
    'const plain: Client = client;',
    'const loose: Client = createClient({ providers: [some] });',
    'console.log(plain, loose);',
  ];
  expect(await editor.complaintsOf(head + right.join('\n'))).toEqual([]);
});

test('a success has a first picture, and an outcome tells a success from a failure', async () => {
  const right = [
    'console.log((await generateImage({ provider: cogview() })).images[0].width);',
    'const outcome = await client.run({});',
    'if (outcome.error) console.log(outcome.error.code, outcome.error.tickets?.[0], outcome.images.length satisfies 0);',
    'else console.log(outcome.images[0].width);',
    'const [image] = (await client.resume("t-1")).images;',
    'console.log(image.height);',
  ];
  expect(await editor.complaintsOf(head + right.join('\n'))).toEqual([]);
});

test('what an own store adds to a picture is known of it', async () => {
  const program = `${head}declare const store: ImageStore<{ readonly url: string }>;
const kept = createClient({ providers: [cogview()], store });
const { images } = await kept.generate({});
console.log(images[0].url.length, images[0].width);
console.log(images[0].uri);`;
  expect(await editor.complaintsOf(program)).toEqual([expect.stringMatching(/Property 'uri' does not exist/)]);
});
