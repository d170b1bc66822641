import { expect, test } from 'vitest';
import { noisyPNG } from '../../test/pictures.ts';
import { defineProvider } from '../access/define-provider.ts';
import type { ModelCapabilities } from '../contract/capabilities.ts';
import type { ClientRequest } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import type { StyleBook } from '../contract/prompts.ts';
import type { ProviderCall } from '../contract/provider.ts';
import { createClient } from '../create-client.ts';
import { styleBook } from './styles.ts';

const picture = noisyPNG(16, 16);
const row = {
  label: 'One',
  source: 'https://docs.example',
  checked: '2026-11-20',
  operations: { generate: {}, edit: { images: { count: [1, 1], types: ['image/png'], as: ['bytes'] } } },
  delivery: { as: 'bytes' },
} as const satisfies ModelCapabilities;

/** Asks two providers, one of which has a style of its own, for a boat. */
async function draw(words: Partial<ClientRequest>, styles?: StyleBook) {
  const calls: ProviderCall[] = [];
  const make = (id: string, more: Partial<ModelCapabilities>) =>
    defineProvider({
      id,
      label: id,
      models: { one: { ...row, ...more } },
      regions: { only: { baseURL: 'http://127.0.0.1:9' } },
      keys: [],
      sign: () => ({}),
      async generate(call) {
        calls.push(call);
        return { outputs: [{ bytes: picture }] };
      },
    })();
  const providers = [
    make('plain', { prompt: { max: 60, unit: 'characters' } }),
    make('artist', { style: { values: ['ink', 'neon', 'ink-drawing'] } }),
  ];
  const client = createClient({ providers, env: {}, ...(styles && { prompts: { styles } }) });
  try {
    const request = { prompt: 'a boat', ...words };
    const { applied: planned } = await client.plan(request).catch(() => ({ applied: undefined }));
    const outcome = await client.run(request);
    return { ...outcome, planned, call: calls[0] };
  } finally {
    await client.close();
  }
}

const book = styleBook({
  noir: 'black and white film',
  ink: { words: 'ink on paper', label: 'a style that ships', yields: true },
  neon: 'glowing tubes',
});

test('the words of a style follow the prompt where the model has none of that name', async () => {
  const { call, applied, planned, prompt } = await draw({ style: 'ink' }, book);
  expect(call).toMatchObject({ prompt: 'a boat, ink on paper' });
  expect(call).not.toHaveProperty('style');
  const because = 'ink is a style that ships: its words were added to the prompt';
  expect(applied).toEqual([{ option: 'style', asked: 'ink', sent: 'words in the prompt', because }]);
  expect(planned).toEqual(applied);
  expect(prompt).toEqual({ original: 'a boat', sent: 'a boat, ink on paper' });
});

test('a model’s own style comes first only for a style that yields', async () => {
  const own = await draw({ model: 'artist', style: 'ink' }, book);
  expect(own).toMatchObject({ applied: [], call: { style: 'ink', prompt: 'a boat' } });
  const named = await draw({ model: 'artist', style: 'neon' }, book);
  expect(named.call).toMatchObject({ prompt: 'a boat, glowing tubes' });
});

test.each(['INK', 'glowing_tubes', 'Glowing Tubes', 'GLOWING-TUBES'])(
  '%s is a style however it is spelled',
  async (style) => {
    const book = styleBook({ 'glowing-tubes': 'glass', glowing: 'light', Ink: 'black ink', ink: 'own ink' });
    const words = style === 'INK' ? 'black ink' : 'glass';
    expect((await draw({ style }, book)).call?.prompt).toBe(`a boat, ${words}`);
    expect((await draw({ style: 'ink' }, book)).call?.prompt).toBe('a boat, own ink');
    expect((await draw({ prompt: '', style, images: [picture] }, book)).call?.prompt).toContain(words);
  },
);

test('a model’s own style is sent as the model spells it', async () => {
  for (const style of ['Ink Drawing', 'ink_drawing', 'INK-DRAWING']) {
    const { call, applied } = await draw({ model: 'artist', style });
    expect(call).toMatchObject({ style: 'ink-drawing', prompt: 'a boat' });
    expect(applied).toMatchObject([{ option: 'style', asked: style, sent: 'ink-drawing' }]);
  }
});

test('an automatic choice is not bound to models with a style of that name', async () => {
  const { call, applied } = await draw({ model: 'auto', style: 'ink' }, book);
  expect(call).toMatchObject({ prompt: 'a boat, ink on paper' });
  expect(applied).toMatchObject([{ option: 'style' }, { option: 'model', sent: 'plain/one' }]);
});

test('words count for the length of the prompt', async () => {
  const { error, call } = await draw(
    { prompt: 'a boat at dawn on a lake under the last of the stars', style: 'noir' },
    book,
  );
  expect([error?.code, call]).toEqual(['unsupported', undefined]);
  expect(error?.message).toContain('prompt');
});

test('after a sentence, words are a new one', async () => {
  expect((await draw({ prompt: 'A boat.', style: 'noir' }, book)).call?.prompt).toBe('A boat. black and white film');
  expect((await draw({ prompt: '一只船。', style: 'noir' }, book)).call?.prompt).toBe('一只船。 black and white film');
  expect((await draw({ prompt: 'a boat, ', style: 'noir' }, book)).call?.prompt).toBe('a boat, black and white film');
});

test.each([
  ['words', { model: 'plain', style: 'noir' }, 'Redraw the picture in this style: black and white film'],
  ['a style of the model’s own', { model: 'artist', style: 'ink' }, 'Redraw the picture in the style ink.'],
  [
    'whichever model is chosen',
    { model: 'auto', style: 'noir' },
    'Redraw the picture in this style: black and white film',
  ],
])('a picture and a style alone ask for the picture in that style: %s', async (_, words, sent) => {
  const { call, prompt, error } = await draw({ prompt: '', images: [picture], ...words }, book);
  expect(error).toBeUndefined();
  expect(call?.prompt).toBe(sent);
  expect(prompt).toEqual({ original: '', sent });
});

test('a style alone says of no picture what to draw', async () => {
  const { error } = await draw({ prompt: '', style: 'noir' }, book);
  expect(error).toMatchObject({ code: 'invalid-request', message: 'the prompt is empty' });
});

test('an unknown style is refused with what is near, of the book and of the model', async () => {
  const { error } = await draw({ style: 'nior' }, book);
  expect(error).toMatchObject({
    code: 'unsupported',
    message: 'there is no style "nior", and plain/one has none of that name; nearest: noir',
    details: { option: 'style', asked: 'nior', allowed: ['noir', 'ink', 'neon'] },
    hint: 'Use style: "noir".',
  });
  for (const style of ['toString', '__proto__']) {
    expect((await draw({ style }, book)).error?.hint).toContain('There are the styles noir, ink, neon');
  }
  expect((await draw({ style: 'nior' })).error?.hint).toContain('Leave style out');
  expect((await draw({ model: 'artist', style: 'nior' }, book)).error?.hint).toContain('noir');
  expect((await draw({ model: 'auto', style: 'nior' }, book)).error?.message).toContain(
    'no model at hand has one of that name',
  );
});

test('under adapt it is left out, and what is near is said', async () => {
  for (const model of ['plain', 'artist']) {
    const { applied, call } = await draw({ model, style: 'nior', negotiation: 'adapt' }, book);
    expect(applied).toMatchObject([{ option: 'style', sent: null, because: expect.stringContaining('nearest: noir') }]);
    expect(call).not.toHaveProperty('style');
  }
});

test('a style of enhance that is nearly one of the book is taken for words, and that is said', async () => {
  const { warnings } = await draw({ enhance: 'nior' }, book);
  expect(warnings).toContainEqual({ code: 'prompt', message: expect.stringContaining('nearest: noir') });
  expect((await draw({ enhance: 'a very dark mood' }, book)).warnings).not.toContainEqual(
    expect.objectContaining({ message: expect.stringContaining('near') }),
  );
});

test('what a book throws ends the request before anything is sent', async () => {
  const broken = {
    find: async () => {
      throw new ImageError('config', 'the style is broken');
    },
  };
  for (const words of [{ style: 'x' }, { enhance: 'x' }]) {
    expect(await draw(words, broken)).toMatchObject({ error: { code: 'config' }, sent: false, call: undefined });
  }
});
