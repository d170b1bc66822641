import { expect, expectTypeOf, test } from 'vitest';
import { defineProvider } from './access/define-provider.ts';
import type { Json, ModelTable, Size } from './contract/capabilities.ts';
import type { ImageProvider } from './contract/provider.ts';
import type { ImageInput, ImageRequest, RunOptions } from './contract/request.ts';
import type { OptionsOf } from './negotiate/options.ts';
import type { DefaultModel, ModelId, NamesModel, NotOfferedByThisModel, TypedRequest } from './typed.ts';

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
    size: { presets: ['1024x1024', '768x1344'], rules: [{ side: [512, 2048], multiple: 16 }], default: '1024x1024' },
    seed: { max: 1000, within: 'step' },
    style: false,
    options: { watermark: { type: 'boolean' }, steps: { type: 'integer', min: 1 } },
    operations: {
      generate: {},
      edit: {
        images: { count: [1, 1], types: ['image/png'], as: ['bytes'] },
        options: { look: { type: 'string', values: ['soft', 'hard'] } },
      },
    },
  },
  'frame-1': {
    ...facts,
    dated: true,
    size: {
      ratios: ['1:1', '16:9'],
      tiers: ['1K', '2K'],
      pixels: { '1K': { '1:1': '1024x1024' }, '2K': { '1:1': '2048x2048' } },
      default: { ratio: '1:1', tier: '1K' },
    },
    operations: { generate: {} },
  },
  bare: { ...facts, regions: { main: { id: 'bare-there' } }, operations: { generate: {} } },
  server: { ...facts, open: true, operations: { generate: {} } },
} as const satisfies ModelTable;

const paint = defineProvider({
  id: 'paint',
  label: 'Paint',
  models,
  defaultModel: 'paint-4',
  regions: { main: { baseURL: 'https://paint.invalid' } },
  keys: [],
  sign: () => ({}),
})();
type Paint = typeof paint;

/** The signature that the types serve. */
function generateImage<const P extends ImageProvider, const M extends string = DefaultModel<P>>(
  request: TypedRequest<P, M> &
    RunOptions & { readonly provider: P; readonly model?: (M & NamesModel<P, M>) | NoInfer<ModelId<P>> },
): { readonly model: M } {
  return { model: (request.model ?? request.provider.defaultModel) as M };
}

test('the ids of a table are literals, and what the table does not know names no model of a provider without others', () => {
  expectTypeOf<ModelId<Paint>>().toEqualTypeOf<'paint-4' | 'frame-1' | 'bare' | 'server'>();
  expectTypeOf<DefaultModel<Paint>>().toEqualTypeOf<'paint-4'>();
  expectTypeOf<NamesModel<Paint, 'paint-9'>>().toEqualTypeOf<never>();
  expectTypeOf<NamesModel<Paint, ''>>().toEqualTypeOf<never>();
  expectTypeOf<NamesModel<Paint, 'paint/paint-9'>>().toEqualTypeOf<never>();
  expectTypeOf<NamesModel<Paint, 'frame-1' | 'paint-latest' | 'bare-there'>>().toEqualTypeOf<unknown>();
  expectTypeOf<NamesModel<Paint, 'paint/paint-4'>>().toEqualTypeOf<unknown>();
  expectTypeOf<NamesModel<Paint, 'frame-1-2026-01-09'>>().toEqualTypeOf<unknown>();
  expectTypeOf<NamesModel<Paint, string>>().toEqualTypeOf<unknown>();
  expectTypeOf<NamesModel<ImageProvider, 'paint-9'>>().toEqualTypeOf<unknown>();
});

test('a literal id narrows quality, options and sizes', () => {
  type Request = TypedRequest<Paint, 'paint-4'>;
  expectTypeOf<Request['quality']>().toEqualTypeOf<'standard' | 'hd' | undefined>();
  expectTypeOf<NonNullable<Request['providerOptions']>>().toEqualTypeOf<{
    readonly watermark?: boolean;
    readonly steps?: number;
    readonly look?: 'soft' | 'hard';
  }>();
  expectTypeOf<Size>().toExtend<Request['size']>();
  expectTypeOf<Extract<Request['size'], '1024x1024' | '1x1'>>().toEqualTypeOf<'1024x1024'>();
  expectTypeOf<'large'>().not.toExtend<Request['size']>();
  expectTypeOf<Request['operation']>().toEqualTypeOf<'generate' | 'edit' | undefined>();
  expectTypeOf<TypedRequest<Paint, 'paint-latest'>>().toEqualTypeOf<Request>();
  expectTypeOf<TypedRequest<Paint, 'paint/paint-4'>>().toEqualTypeOf<Request>();
  expectTypeOf<TypedRequest<Paint, 'bare-there'>>().toEqualTypeOf<TypedRequest<Paint, 'bare'>>();
});

test('a model that takes ratios offers the sizes that they give', () => {
  type Request = TypedRequest<Paint, 'frame-1'>;
  expectTypeOf<Request['aspectRatio']>().toEqualTypeOf<'1:1' | '16:9' | undefined>();
  expectTypeOf<Request['resolution']>().toEqualTypeOf<'1K' | '2K' | undefined>();
  expectTypeOf<Request['size']>().toEqualTypeOf<'1024x1024' | '2048x2048' | undefined>();
});

test('a word that the row does not have is closed, whether absent or false', () => {
  type Request = TypedRequest<Paint, 'paint-4'>;
  expectTypeOf<Request['style']>().toEqualTypeOf<NotOfferedByThisModel<'style'> | undefined>();
  expectTypeOf<Request['mask']>().toEqualTypeOf<NotOfferedByThisModel<'mask'> | undefined>();
  expectTypeOf<Request['negativePrompt']>().toEqualTypeOf<NotOfferedByThisModel<'negativePrompt'> | undefined>();
  expectTypeOf<Request['images']>().toEqualTypeOf<readonly ImageInput[] | undefined>();
  type Bare = TypedRequest<Paint, 'bare'>;
  expectTypeOf<Bare['size']>().toEqualTypeOf<NotOfferedByThisModel<'size'> | undefined>();
  expectTypeOf<Bare['providerOptions']>().toEqualTypeOf<NotOfferedByThisModel<'providerOptions'> | undefined>();
  expectTypeOf<ImageInput>().not.toExtend<NotOfferedByThisModel<'mask'>>();
});

test('a string, an unknown id, an open row and a provider without literals leave the request loose', () => {
  expectTypeOf<TypedRequest<Paint, string>>().toEqualTypeOf<ImageRequest>();
  expectTypeOf<TypedRequest<Paint, 'paint-99'>>().toEqualTypeOf<ImageRequest>();
  expectTypeOf<TypedRequest<Paint, 'server'>>().toEqualTypeOf<ImageRequest>();
  expectTypeOf<TypedRequest<ImageProvider, 'paint-4'>>().toEqualTypeOf<ImageRequest>();
  expectTypeOf<TypedRequest<ImageProvider, DefaultModel<ImageProvider>>>().toEqualTypeOf<ImageRequest>();
});

test('the type of options follows the table', () => {
  type Options = OptionsOf<{
    readonly guidance: { readonly type: 'number'; readonly max: 20 };
    readonly mode: { readonly type: 'string'; readonly values: readonly ['a', 'b'] };
    readonly reference: { readonly type: 'image' };
    readonly extra: { readonly type: 'json' };
  }>;
  expectTypeOf<Options>().toEqualTypeOf<{
    readonly guidance?: number;
    readonly mode?: 'a' | 'b';
    readonly reference?: string;
    readonly extra?: Json;
  }>();
});

test('a call names what it gets', () => {
  const provider = paint;
  const prompt = 'a boat';
  expectTypeOf(generateImage({ provider, prompt, quality: 'hd', seed: 1 }).model).toEqualTypeOf<'paint-4'>();
  expect(
    generateImage({ provider, prompt, model: 'paint-4', size: '1040x1024', providerOptions: { steps: 2 } }),
  ).toEqual({
    model: 'paint-4',
  });
  const named: string = 'another';
  generateImage({ provider, prompt, model: named, quality: 'whatever', mask: 'mask.png' });
  // @ts-expect-error the provider has no such model, and none that is in no table
  generateImage({ provider, prompt, model: 'paint-5' });
  // @ts-expect-error this quality does not exist
  generateImage({ provider, prompt, quality: 'ultra' });
  // @ts-expect-error this quality does not exist
  generateImage({ provider, prompt, model: 'paint-4', quality: 'ultra' });
  // @ts-expect-error the model has no style
  generateImage({ provider, prompt, model: 'paint-4', style: 'vivid' });
  // @ts-expect-error the model has no mask
  generateImage({ provider, prompt, model: 'paint-4', mask: 'mask.png' });
  // @ts-expect-error the model has no mask, not as bytes either
  generateImage({ provider, prompt, model: 'paint-4', mask: new Uint8Array() });
  // @ts-expect-error the model has no seed
  generateImage({ provider, prompt, model: 'frame-1', seed: 1 });
  // @ts-expect-error the model does not make this size
  generateImage({ provider, prompt, model: 'frame-1', size: '1000x1000' });
  // @ts-expect-error the model has no such option
  generateImage({ provider, prompt, model: 'paint-4', providerOptions: { stepps: 2 } });
  // @ts-expect-error the option is a number
  generateImage({ provider, prompt, model: 'paint-4', providerOptions: { steps: 'two' } });
});
