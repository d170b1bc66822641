// Which SDKs our tables are compared with, and what of them with what.

import type { Part, RangeWord, TableName, ValueWord } from './tables.ts';

/** One comparison: a type, or a value in code, with a part of a table. */
export type Check = Part & {
  /** What is compared, for people and for known.json. */
  readonly what: string;
  /** In the package. */
  readonly file: string;
  /** What the file declares, and entries of it after dots. */
  readonly type: string;
  readonly table: TableName;
  /** Only these values of the SDK count, a regular expression. Its first group, if it has one, is the value. */
  readonly only?: string;
  /** The SDK writes in capitals what the service has in small letters. */
  readonly capitals?: true;
} & (
    | { readonly kind: 'models' }
    | { readonly kind: 'values'; readonly word: ValueWord }
    | { readonly kind: 'range'; readonly word: RangeWord }
    /** Names of parameters, or values that code knows, with those that the provider's code and rows spell. */
    | { readonly kind: 'parameters' }
    /** And the options of rows with the names of parameters. */
    | { readonly kind: 'options' }
  );

/** A package, and what it is compared with. */
export interface Sdk {
  readonly name: string;
  /** It is not the service's own and comes later: what it lacks says nothing. */
  readonly lags?: true;
  readonly checks: readonly Check[];
}

const generate = { operations: ['generate'] } as const;
const edit = { operations: ['edit', 'inpaint'] } as const;

const openaiImages = { table: 'openai', file: 'resources/images.d.ts' } as const;
const openaiSides = [
  { ...generate, params: 'ImageGenerateParams', of: 'new pictures' },
  { ...edit, params: 'ImageEditParams', of: 'edits' },
] as const;
const openaiWords = [
  ['quality', 'quality'],
  ['background', 'background'],
  ['output_format', 'outputFormat'],
  ['size', 'presets'],
  ['complexity', 'options.complexity'],
  ['svg.reasoning.effort', 'options.svgEffort'],
] as const;

const genai = { table: 'google', file: 'dist/genai.d.ts' } as const;
/** Each enum has a value that stands for none. */
const named = '^(?!.*UNSPECIFIED)';
const aiOpenai = { table: 'openai', file: 'dist/index.d.ts' } as const;
const aiOpenaiWords = [
  ['quality', 'quality'],
  ['background', 'background'],
  ['outputFormat', 'outputFormat'],
  ['complexity', 'options.complexity'],
  ['moderation', 'options.moderation'],
] as const;
/** Only the code says the smallest and the largest number. */
const aiOpenaiCode = { ...aiOpenai, ...generate, file: 'src/image/openai-image-model-options.ts' } as const;
const aiGoogle = { table: 'google', file: 'dist/index.d.ts' } as const;
const router = { table: 'openrouter', file: 'esm/models/imagegenerationrequest.d.ts' } as const;
const xai = { table: 'xai', file: 'dist/index.d.ts' } as const;
const byteDance = { table: 'seedream', file: 'dist/index.d.ts' } as const;
const gateway = { file: 'dist/index.d.ts', type: 'GatewayImageModelId', kind: 'models' } as const;

/** Bailian is missing: no package names its models of pictures (@ai-sdk/alibaba 2.0.58 has none). Nor does one name those of SiliconFlow. */
export const sdks: readonly Sdk[] = [
  {
    name: 'openai',
    checks: [
      { ...openaiImages, what: 'models', type: 'ImageModel', kind: 'models' },
      ...openaiSides.flatMap(({ params, of, operations }): Check[] => [
        { ...openaiImages, operations, what: `parameters of ${of}`, type: params, kind: 'options' },
        ...openaiWords.map(([field, word]): Check => {
          const type = `${params}.${field}`;
          return { ...openaiImages, operations, what: `${field} of ${of}`, type, kind: 'values', word };
        }),
      ]),
      { ...openaiImages, ...generate, what: 'style', type: 'ImageGenerateParams.style', kind: 'values', word: 'style' },
      {
        ...openaiImages,
        ...generate,
        what: 'moderation',
        type: 'ImageGenerateParams.moderation',
        kind: 'values',
        word: 'options.moderation',
      },
      {
        ...openaiImages,
        ...edit,
        what: 'input_fidelity',
        type: 'ImageEditParams.input_fidelity',
        kind: 'values',
        word: 'options.inputFidelity',
      },
    ],
  },
  {
    name: '@google/genai',
    checks: [
      { ...genai, what: 'models', type: 'Interactions.Model', kind: 'models', only: 'image|banana' },
      { ...genai, what: 'ratios', type: 'interactions.ImageConfig.aspect_ratio', kind: 'values', word: 'ratios' },
      { ...genai, what: 'resolutions', type: 'interactions.ImageConfig.image_size', kind: 'values', word: 'tiers' },
      { ...genai, what: 'parameters of pictures', type: 'ImageConfig', kind: 'parameters' },
      { ...genai, what: 'kinds of search', type: 'SearchTypes', kind: 'parameters' },
      {
        ...genai,
        what: 'levels of thinking',
        type: 'ThinkingLevel',
        kind: 'values',
        word: 'options.thinkingLevel',
        only: named,
        capitals: true,
      },
      {
        ...genai,
        what: 'levels of safety',
        type: 'HarmBlockThreshold',
        kind: 'values',
        word: 'options.safety',
        only: named,
      },
    ],
  },
  {
    name: '@ai-sdk/openai',
    lags: true,
    checks: [
      { ...aiOpenai, what: 'models', type: 'OpenAIImageModelId', kind: 'models' },
      ...(['Generation', 'Edit'] as const).flatMap((side): Check[] => {
        const { operations, of } = openaiSides[side === 'Edit' ? 1 : 0];
        const type = `openaiImageModel${side}Options`;
        return [
          { ...aiOpenai, operations, what: `parameters of ${of}`, type, kind: 'parameters' },
          ...aiOpenaiWords.map(
            ([field, word]): Check => ({
              ...aiOpenai,
              operations,
              what: `${field} of ${of}`,
              type: `${type}.${field}`,
              kind: 'values',
              word,
            }),
          ),
        ];
      }),
      {
        ...aiOpenaiCode,
        what: 'frames',
        type: 'openaiImageModelGenerationOptions.frameCount',
        kind: 'range',
        word: 'options.frameCount',
      },
      {
        ...aiOpenaiCode,
        what: 'time of frames',
        type: 'openaiImageModelGenerationOptions.frameDurationMs',
        kind: 'range',
        word: 'options.frameDurationMs',
      },
      {
        ...aiOpenaiCode,
        models: '^gpt-image',
        what: 'length of end-user ids',
        type: 'openaiImageModelOptions.safetyIdentifier',
        kind: 'range',
        word: 'user',
      },
    ],
  },
  {
    name: '@ai-sdk/google',
    lags: true,
    checks: [
      { ...aiGoogle, what: 'models', type: 'GoogleImageModelId', kind: 'models' },
      {
        ...aiGoogle,
        what: 'ratios',
        type: 'GoogleImageModelOptions.imageConfig.aspectRatio',
        kind: 'values',
        word: 'ratios',
      },
      {
        ...aiGoogle,
        what: 'resolutions',
        type: 'GoogleImageModelOptions.imageConfig.imageSize',
        kind: 'values',
        word: 'tiers',
      },
    ],
  },
  {
    name: '@ai-sdk/google-vertex',
    lags: true,
    checks: [{ ...aiGoogle, what: 'models', type: 'GoogleVertexImageModelId', kind: 'models' }],
  },
  {
    name: '@ai-sdk/gateway',
    lags: true,
    checks: [
      { ...gateway, what: 'models of OpenAI', table: 'openai', only: '^openai/(.+)' },
      { ...gateway, what: 'models of xAI', table: 'xai', only: '^spacexai/(.+)' },
    ],
  },
  {
    name: '@openrouter/sdk',
    checks: [
      { ...router, what: 'parameters', type: 'ImageGenerationRequest$Outbound', kind: 'parameters' },
      { ...router, what: 'ratios', type: 'ImageGenerationRequest.aspectRatio', kind: 'values', word: 'ratios' },
      { ...router, what: 'resolutions', type: 'ImageGenerationRequest.resolution', kind: 'values', word: 'tiers' },
      { ...router, what: 'quality', type: 'ImageGenerationRequest.quality', kind: 'values', word: 'quality' },
      { ...router, what: 'background', type: 'ImageGenerationRequest.background', kind: 'values', word: 'background' },
      { ...router, what: 'formats', type: 'ImageGenerationRequest.outputFormat', kind: 'values', word: 'outputFormat' },
      {
        ...router,
        what: 'routing',
        file: 'esm/models/imagegenerationproviderpreferences.d.ts',
        type: 'ImageGenerationProviderPreferences$Outbound',
        kind: 'parameters',
      },
      {
        ...router,
        what: 'preferred services',
        file: 'esm/models/providersort.d.ts',
        type: 'ProviderSort',
        kind: 'values',
        word: 'options.sort',
      },
      {
        ...router,
        what: 'records of models',
        file: 'esm/models/imagemodellistitem.d.ts',
        type: 'ImageModelListItem',
        kind: 'parameters',
      },
      {
        ...router,
        what: 'records of services',
        file: 'esm/models/imageendpoint.d.ts',
        type: 'ImageEndpoint',
        kind: 'parameters',
      },
      {
        ...router,
        what: 'kinds of capabilities',
        file: 'esm/models/capabilitydescriptor.d.ts',
        type: 'CapabilityDescriptor.type',
        kind: 'parameters',
      },
      {
        ...router,
        what: 'prices',
        file: 'esm/models/imagepricingentry.d.ts',
        type: 'ImagePricingEntry',
        kind: 'parameters',
      },
      {
        ...router,
        what: 'what is billed',
        file: 'esm/models/imagepricingentry.d.ts',
        type: 'Billable',
        kind: 'parameters',
      },
      {
        ...router,
        what: 'units of prices',
        file: 'esm/models/imagepricingentry.d.ts',
        type: 'Unit',
        kind: 'parameters',
      },
    ],
  },
  // There is no other of xAI.
  {
    name: '@ai-sdk/xai',
    checks: [
      { ...xai, what: 'models', type: 'XaiImageModelId', kind: 'models' },
      { ...xai, what: 'quality', type: 'XaiImageModelOptions.quality', kind: 'values', word: 'quality' },
      { ...xai, what: 'resolutions', type: 'XaiImageModelOptions.resolution', kind: 'values', word: 'tiers' },
      { ...xai, what: 'parameters', type: 'XaiImageModelOptions', kind: 'parameters' },
    ],
  },
  // Nor of Ark.
  {
    name: '@ai-sdk/bytedance',
    checks: [
      { ...byteDance, what: 'models', type: 'ByteDanceImageModelId', kind: 'models' },
      { ...byteDance, what: 'parameters', type: 'ByteDanceImageModelOptions', kind: 'parameters' },
      {
        ...byteDance,
        what: 'formats',
        type: 'ByteDanceImageModelOptions.outputFormat',
        kind: 'values',
        word: 'outputFormat',
      },
      {
        ...byteDance,
        what: 'thoughts about the prompt',
        type: 'ByteDanceImageModelOptions.optimizePromptMode',
        kind: 'values',
        word: 'options.optimizePrompt',
      },
    ],
  },
  {
    name: 'together-ai',
    checks: [
      {
        what: 'parameters',
        table: 'together',
        file: 'resources/images.d.ts',
        type: 'ImageGenerateParams',
        kind: 'options',
      },
    ],
  },
  {
    name: '@ai-sdk/togetherai',
    lags: true,
    checks: [
      {
        what: 'parameters',
        table: 'together',
        file: 'dist/index.d.ts',
        type: 'TogetherAIImageModelOptions',
        kind: 'parameters',
      },
    ],
  },
  {
    name: '@ai-sdk/deepinfra',
    lags: true,
    checks: [
      {
        what: 'parameters',
        table: 'deepinfra',
        file: 'dist/index.d.ts',
        type: 'DeepInfraImageModelOptions',
        kind: 'parameters',
      },
    ],
  },
  {
    name: 'zhipuai-sdk-nodejs-v4',
    checks: [
      {
        what: 'parameters',
        table: 'cogview',
        file: 'dist/types/images.d.ts',
        type: 'CreateImagesOptions',
        kind: 'parameters',
      },
    ],
  },
  // Its types name no model of pictures; what it checks before it sends is in its code.
  {
    name: 'zhipu-ai-provider',
    lags: true,
    checks: [
      {
        what: 'sides of pictures',
        table: 'cogview',
        models: '^cogview-4',
        file: 'dist/index.mjs',
        type: 'sizeSchema.width',
        kind: 'range',
        word: 'side',
      },
    ],
  },
];
