// What the compiler knows of rows of one's own: their ids, their words, and what they must not say.

import { expect, expectTypeOf, onTestFinished, test } from 'vitest';
import type { ModelTable, OwnModels } from '../contract/capabilities.ts';
import type { LazyProvider } from '../contract/client.ts';
import type { ImageProvider, ProviderAccess } from '../contract/provider.ts';
import { createClient } from '../create-client.ts';
import { generateImage } from '../generate-image.ts';
import type { ModelId, NotOfferedByThisModel, TypedRequest } from '../typed.ts';
import type { ModelName } from '../typed-client.ts';
import { defineProvider, type ProviderFactory } from './define-provider.ts';

const facts = {
  label: 'A model',
  source: 'https://example.invalid',
  checked: '2026-11-20',
  delivery: { as: 'bytes' },
} as const;
const models = {
  'paint-4': {
    ...facts,
    aliases: ['paint-latest'],
    quality: { values: ['standard', 'hd'], default: 'standard' },
    size: { presets: ['1024x1024'], default: '1024x1024' },
    options: { steps: { type: 'integer', min: 1 }, watermark: { type: 'boolean' } },
    operations: {
      generate: {},
      edit: {
        quality: { values: ['draft'] },
        images: { count: [1, 1], types: ['image/png'], as: ['bytes'] },
        style: false,
      },
    },
  },
  bare: { ...facts, aliases: ['bare-latest'], operations: { generate: {} } },
} as const satisfies ModelTable;
const paint = defineProvider({
  id: 'paint',
  label: 'Paint',
  models,
  defaultModel: 'paint-4',
  regions: { main: { baseURL: 'https://paint.invalid' } },
  keys: [],
  sign: () => ({}),
  generate: async () => ({ outputs: [] }),
});

const plain = { 'paint-5': { like: 'paint-4' } } as const;
const mine = paint({
  models: {
    'paint-5': { like: 'paint-4' },
    'paint-6': {
      like: 'paint-4',
      quality: { values: ['low', 'ultra'], default: 'low' },
      style: { values: ['vivid'] },
      size: { presets: ['2048x2048'], default: '2048x2048' },
      options: { steps: null, look: { type: 'string', values: ['soft'] } },
      operations: { edit: null },
    },
    'paint-7': { like: 'paint-6', quality: null },
    whole: { ...facts, size: { presets: ['64x64'], default: '64x64' }, operations: { generate: {} } },
    bare: { like: 'bare', quality: { values: ['best'] } },
  },
});
type Mine = typeof mine;

test('ids of one’s own stand among those of the table', () => {
  expectTypeOf<ModelId<Mine>>().toEqualTypeOf<'paint-4' | 'bare' | 'paint-5' | 'paint-6' | 'paint-7' | 'whole'>();
  expectTypeOf<ModelName<[Mine]>>().toEqualTypeOf<'paint' | `paint/${ModelId<Mine>}` | 'auto'>();
  expectTypeOf(paint()).toEqualTypeOf(paint({}));
  expectTypeOf<ModelId<ReturnType<typeof paint>>>().toEqualTypeOf<'paint-4' | 'bare'>();
  expect(Object.keys(mine.models)).toEqual(['paint-4', 'bare', 'paint-5', 'paint-6', 'paint-7', 'whole']);
});

test('a row that is like another narrows as that one does', () => {
  type Like = TypedRequest<Mine, 'paint-5'>;
  expectTypeOf<Like['quality']>().toEqualTypeOf<'standard' | 'hd' | 'draft' | undefined>();
  expectTypeOf<Like['size']>().toEqualTypeOf<'1024x1024' | undefined>();
  expectTypeOf<Like['style']>().toEqualTypeOf<NotOfferedByThisModel<'style'> | undefined>();
  expectTypeOf<Like['operation']>().toEqualTypeOf<'generate' | 'edit' | undefined>();
  expectTypeOf<Like['providerOptions']>().toEqualTypeOf<
    { readonly steps?: number; readonly watermark?: boolean } | undefined
  >();
});

test('what is changed of it narrows as it is changed', () => {
  type Changed = TypedRequest<Mine, 'paint-6'>;
  expectTypeOf<Changed['quality']>().toEqualTypeOf<'low' | 'ultra' | undefined>();
  expectTypeOf<Changed['style']>().toEqualTypeOf<'vivid' | undefined>();
  expectTypeOf<Changed['size']>().toEqualTypeOf<'2048x2048' | undefined>();
  expectTypeOf<Changed['operation']>().toEqualTypeOf<'generate' | undefined>();
  expectTypeOf<Changed['providerOptions']>().toEqualTypeOf<
    { readonly watermark?: boolean; readonly look?: 'soft' } | undefined
  >();
  expectTypeOf<TypedRequest<Mine, 'paint-7'>['quality']>().toEqualTypeOf<
    NotOfferedByThisModel<'quality'> | undefined
  >();
  expectTypeOf<TypedRequest<Mine, 'paint-7'>['size']>().toEqualTypeOf<'2048x2048' | undefined>();
  expectTypeOf<TypedRequest<Mine, 'bare-latest'>['quality']>().toEqualTypeOf<'best' | undefined>();
  expectTypeOf<TypedRequest<Mine, 'whole'>['size']>().toEqualTypeOf<'64x64' | undefined>();
  expectTypeOf<TypedRequest<Mine, 'bare'>['quality']>().toEqualTypeOf<'best' | undefined>();
});

test('a call and a client narrow by it, and negotiation agrees', async () => {
  const prompt = 'a boat';
  const several = createClient({ providers: [paint(), paint({ models: { more: { like: 'bare' } } })] });
  expectTypeOf<Parameters<typeof several.run>[0]['model']>().not.toBeAny();
  type Named = ModelName<[ReturnType<typeof paint>]>;
  expectTypeOf<Named>().toEqualTypeOf<'paint' | 'paint/paint-4' | 'paint/bare' | 'auto'>();
  // @ts-expect-error no model of either
  await expect(several.plan({ prompt, model: 'paint/none' })).rejects.toThrow('none');
  const client = createClient({ providers: [mine], defaultModel: 'paint/paint-5' });
  onTestFinished(() => client.close());
  expect((await client.plan({ prompt, quality: 'hd' })).model).toBe('paint/paint-5');
  expect((await client.plan({ prompt, model: 'paint/paint-6', quality: 'ultra' })).model).toBe('paint/paint-6');
  // @ts-expect-error the model has no such quality
  await expect(client.plan({ prompt, model: 'paint/paint-6', quality: 'hd' })).rejects.toThrow('quality');
  // @ts-expect-error there is no such model
  await expect(client.plan({ prompt, model: 'paint/paint-8' })).rejects.toThrow('paint-8');
  // @ts-expect-error the model has no such style
  await expect(generateImage({ provider: mine, prompt, model: 'paint-5', style: 'vivid' })).rejects.toThrow('style');
  // @ts-expect-error there is no such model
  await expect(generateImage({ provider: mine, prompt, model: 'paint-8' })).rejects.toThrow('paint-8');
});

test('what cannot be is a compile error where it is written, and one line where the table is looked at', () => {
  const wrongs = [
    // @ts-expect-error there is no such model to be like
    paint({ models: { 'paint-5': { like: 'paint-3' } } }),
    // @ts-expect-error no row has such a word
    paint({ models: { 'paint-5': { like: 'paint-4', qualty: false } } }),
    // @ts-expect-error a price has a currency
    paint({ models: { 'paint-5': { like: 'paint-4', prices: [{ amount: 1, per: 'image' }] } } }),
    // @ts-expect-error it is not like itself
    paint({ models: { 'paint-5': { like: 'paint-5' } } }),
    // @ts-expect-error a row is an object
    paint({ models: { 'paint-5': 5 } }),
    // @ts-expect-error half a row
    paint({ models: { 'paint-5': { label: 'Paint' } } }),
  ];
  for (const wrong of wrongs) expect(() => wrong.models).toThrow(/^the own model paint\/paint-5/);
});

test('rows that come from elsewhere leave the requests loose', () => {
  const given: OwnModels = plain;
  const loose = paint({ models: given });
  expectTypeOf<ModelId<typeof loose>>().toEqualTypeOf<never>();
  expectTypeOf<TypedRequest<typeof loose, 'paint-5'>['quality']>().toEqualTypeOf<string | undefined>();
  const access: ProviderAccess = { models: given };
  expectTypeOf(paint(access)).toExtend<ImageProvider>();
  expectTypeOf<TypedRequest<ReturnType<typeof paint<typeof plain>>, 'paint-5'>['size']>().toEqualTypeOf<
    '1024x1024' | undefined
  >();
  const lazy: LazyProvider = { definition: paint(), load: async () => paint, access };
  const factory: ProviderFactory = paint;
  expect(factory(access).models).toHaveProperty('paint-5');
  expect(lazy.access).toBe(access);
});

test('a lazy provider has them too', async () => {
  const client = createClient({
    providers: [{ definition: paint(), load: async () => paint, access: { models: plain } }],
  });
  onTestFinished(() => client.close());
  expect((await client.plan({ model: 'paint/paint-5', prompt: 'a boat', quality: 'hd' })).model).toBe('paint/paint-5');
});
