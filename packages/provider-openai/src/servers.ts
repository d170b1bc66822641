// Servers that speak OpenAI's API with an accent: what differs, as data. Facts: docs/providers/openai.md, section 5.

import {
  isLoopback,
  type Limits,
  type ModelCapabilities,
  type ModelTable,
  type Price,
  type ProviderDefinition,
  type RegionFacts,
} from '@anyimage/core';
import { azure } from './azure.ts';
import { unlisted } from './capabilities.ts';
import type { Dialect } from './wire.ts';

/** A kind of server. JSON, so that one of your own can be written down in a config. */
export interface Server {
  readonly label: string;
  /** Where it is unless a base URL is given; the first is the default. */
  readonly regions?: ProviderDefinition['regions'];
  /** Environment variables that may hold a key. None are asked for on loopback, nor where the list is empty. */
  readonly keys: ProviderDefinition['keys'];
  /** What its models can do unless they are in `models`. `wire` of it and of its operations is a {@link Dialect}. */
  readonly row: ModelCapabilities;
  readonly models?: ModelTable;
  readonly defaultModel?: string;
  /** Environment variables that may hold a base URL. */
  readonly baseURLs?: NonNullable<ProviderDefinition['baseURLs']>;
  /** Its models are Azure's: deployments, under names that an account chose, of which it gives no list. Keys go as Azure takes them. */
  readonly azure?: true;
}

const rasters = ['image/png', 'image/jpeg', 'image/webp'] as const;
const twoBillion = 2_147_483_647;

/** Words these servers do not have at all. */
const noExtras = { background: false, style: false, outputCompression: [], partials: 0 } as const satisfies Limits;
/** Multipart edits at OpenAI's place, without a mask. */
const formEdit = {
  images: { count: [1, 16], types: rasters, as: ['bytes'] },
  wire: { path: 'images/edits', body: 'form' } satisfies Dialect,
} as const satisfies Limits;

/**
 * `prompt|negative prompt`; `n` pictures come one after another and all with the same seed, so each is a call of its own. A picture
 * that the server cannot decode is dropped without a word.
 */
const step = { step: { type: 'integer', min: 1, default: 15, about: 'Steps of the sampler' } } as const;
const localai = {
  ...unlisted,
  ...noExtras,
  source: 'https://github.com/mudler/LocalAI/blob/master/core/http/endpoints/openai/image.go',
  checked: '2026-08-22',
  wording: 'tags',
  size: { ...unlisted.size, default: '512x512' },
  negativePrompt: {},
  seed: { max: twoBillion, within: 'same' },
  outputFormat: false,
  wire: { responseFormat: 'b64_json', prompt: 'pipe' } satisfies Dialect,
  operations: {
    generate: { options: step },
    edit: {
      images: { count: [1, 16], types: rasters, as: ['bytes'] },
      options: step,
      wire: { jsonImages: 'file' } satisfies Dialect,
    },
    inpaint: {
      images: { count: [1, 1], types: rasters, as: ['bytes'] },
      mask: { repaint: 'white+transparent' },
      size: false,
      negativePrompt: false,
      seed: false,
      options: { steps: { type: 'integer', min: 1, default: 25, about: 'Steps of the sampler' } },
      wire: { path: 'images/inpainting', body: 'form', prompt: 'plain', responseFormat: false } satisfies Dialect,
    },
  },
} as const satisfies ModelCapabilities;

/** Ignores `model`; seed, negative prompt and steps travel in a tag at the end of the prompt. */
const diffusionEdit = {
  images: { count: [1, 16], types: rasters, as: ['bytes'] },
  outputFormat: { values: ['png', 'jpeg'], default: 'png' },
  outputCompression: [],
  wire: { path: 'images/edits', body: 'form', rgb: true } satisfies Dialect,
} as const satisfies Limits;
const stableDiffusion = {
  ...unlisted,
  ...noExtras,
  source: 'https://github.com/leejet/stable-diffusion.cpp/blob/master/examples/server/api.md',
  checked: '2026-08-19',
  wording: 'tags',
  negativePrompt: {},
  seed: { max: twoBillion, within: 'same' },
  quality: false,
  outputFormat: { values: ['png', 'jpeg', 'webp'], default: 'png' },
  outputCompression: ['jpeg', 'webp'],
  wire: { prompt: 'tag' } satisfies Dialect,
  options: { steps: { type: 'integer', min: 1, about: 'Steps of the sampler' } },
  operations: {
    generate: {},
    edit: diffusionEdit,
    inpaint: { ...diffusionEdit, mask: { repaint: 'white+transparent' } },
  },
} as const satisfies ModelCapabilities;

const vllm = {
  ...unlisted,
  ...noExtras,
  source: 'https://github.com/vllm-project/vllm-omni/blob/main/docs/serving/image_generation_api.md',
  checked: '2025-12-28',
  perCall: 10,
  negativePrompt: {},
  seed: { max: twoBillion, within: 'same' },
  quality: false,
  options: {
    numInferenceSteps: { type: 'integer', min: 1, max: 200, about: 'Steps of the sampler' },
    guidanceScale: { type: 'number', min: 0, max: 20 },
    trueCfgScale: { type: 'number', min: 0, max: 20 },
  },
  operations: { generate: {}, edit: { ...formEdit, wire: { ...formEdit.wire, formImages: 'image' } } },
} as const satisfies ModelCapabilities;

/** Which field takes references depends on the model: `image_url` (one) for FLUX.1 Kontext, `reference_images` for FLUX.2 and Google's. */
const together = {
  ...unlisted,
  ...noExtras,
  source: 'https://docs.together.ai/docs/images-overview',
  checked: '2026-08-22',
  perCall: 4,
  size: { rules: [{ side: [8, 16_384], multiple: 8, round: 64 }], default: 'auto' },
  negativePrompt: {},
  seed: { max: twoBillion, within: 'same' },
  quality: false,
  wire: { responseFormat: 'base64', size: 'width-height' } satisfies Dialect,
  options: {
    steps: { type: 'integer', min: 1, about: 'Steps of the sampler' },
    guidanceScale: { type: 'number', min: 0 },
    disableSafetyChecker: { type: 'boolean' },
  },
  operations: {
    generate: {},
    edit: {
      images: { count: [1, 16], types: rasters, as: ['bytes', 'url'] },
      options: {
        imageField: {
          type: 'string',
          values: ['image_url', 'reference_images'],
          default: 'reference_images',
          about: 'Where the model takes pictures: image_url (one) for FLUX.1 Kontext, reference_images for FLUX.2',
        },
      },
      wire: { jsonImages: 'references' } satisfies Dialect,
    },
  },
} as const satisfies ModelCapabilities;

const deepinfra = {
  ...unlisted,
  ...noExtras,
  source: 'https://deepinfra.com/docs/openai_api',
  checked: '2026-08-22',
  operations: { generate: {}, edit: { ...formEdit, wire: { ...formEdit.wire, formImages: 'image' } } },
} as const satisfies ModelCapabilities;

const grokRatios = [
  ...(['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '2:1', '1:2', '20:9', '9:20'] as const),
  ...(['19.5:9', '9:19.5'] as const),
] as const;
/** Since 2.0. */
const moreGrokRatios = [...grokRatios, '21:9', '5:2'] as const;
const grokEdit = {
  images: { count: [1, 3], types: rasters, as: ['bytes', 'url'] },
  wire: { path: 'images/edits', jsonImages: 'objects' } satisfies Dialect,
} as const satisfies Limits;
/** Since 2.0. */
const editOfFive = { ...grokEdit, images: { ...grokEdit.images, count: [1, 5] } } as const;

/**
 * No size, seed, negative prompt or mask; a refusal by moderation is a success without a picture. Of a model in no table, what the
 * newest takes.
 */
const xai = {
  ...unlisted,
  ...noExtras,
  label: 'A Grok Imagine model',
  source: 'https://docs.x.ai/docs/guides/image-generations',
  checked: '2026-11-28',
  perCall: 10,
  // That a picture is 1k unless it is asked for is from a reseller who passes requests on.
  size: { ratios: moreGrokRatios, tiers: ['1k', '2k'], default: { tier: '1k' } },
  seed: false,
  negativePrompt: false,
  strength: false,
  outputFormat: false,
  user: [1, 256],
  wire: { responseFormat: 'b64_json', emptyIsBlocked: true } satisfies Dialect,
  operations: { generate: {}, edit: editOfFive },
} as const satisfies ModelCapabilities;
const { open: _xai, ...knownXai } = xai;
/** Sources disagree on whether the models before 2.0 take `high` or any quality at all. */
const grok = {
  ...knownXai,
  size: { ...xai.size, ratios: grokRatios },
  quality: { values: ['low', 'medium', 'high'] },
  operations: { generate: {}, edit: grokEdit },
} as const;

/** `auto` is `low` for new pictures and `medium` for edits. Worked out from what resellers ask and from the day-one notes of the service. */
const grokPrice = { currency: 'USD', per: 'image', unsure: true } as const;
const smallAuto = { quality: 'auto', tier: '1k' } as const;
const largeAuto = { quality: 'auto', tier: '2k' } as const;
const grok2Prices = [
  { ...grokPrice, amount: 0.04, when: { quality: 'low', tier: '1k' } },
  { ...grokPrice, amount: 0.06, when: { quality: 'low', tier: '2k' } },
  { ...grokPrice, amount: 0.06, when: { quality: 'medium', tier: '1k' } },
  { ...grokPrice, amount: 0.08, when: { quality: 'medium', tier: '2k' } },
] as const satisfies readonly Price[];
const grok2 = {
  ...knownXai,
  label: 'Grok Imagine 2.0',
  quality: { values: ['auto', 'low', 'medium'], default: 'auto' },
  operations: {
    generate: {
      prices: [
        ...grok2Prices,
        { ...grokPrice, amount: 0.04, when: smallAuto },
        { ...grokPrice, amount: 0.06, when: largeAuto },
      ],
    },
    edit: {
      ...editOfFive,
      prices: [
        ...grok2Prices,
        { ...grokPrice, amount: 0.06, when: smallAuto },
        { ...grokPrice, amount: 0.08, when: largeAuto },
      ],
    },
  },
} as const satisfies ModelCapabilities;

const siliconflow = {
  ...unlisted,
  ...noExtras,
  label: 'A model of SiliconFlow',
  source: 'https://docs.siliconflow.cn/cn/api-reference/images/images-generations',
  checked: '2026-09-18',
  delivery: { as: 'url', livesSeconds: 3600 },
  negativePrompt: {},
  seed: { max: 9_999_999_999, within: 'same' },
  quality: false,
  outputFormat: false,
  wire: { size: 'image_size', count: 'batch_size' } satisfies Dialect,
  options: {
    numInferenceSteps: { type: 'integer', min: 1, max: 100, about: 'Steps of the sampler' },
    guidanceScale: { type: 'number', min: 0, max: 20 },
    cfg: { type: 'number', min: 0.1, max: 20 },
  },
  operations: {
    generate: {},
    edit: {
      images: { count: [1, 3], types: rasters, as: ['bytes', 'url'] },
      wire: { jsonImages: 'numbered' } satisfies Dialect,
    },
  },
} as const satisfies ModelCapabilities;
const { open: _siliconflow, ...knownSiliconflow } = siliconflow;
const { numInferenceSteps, guidanceScale, cfg } = siliconflow.options;
const onePicture = {
  ...siliconflow.operations.edit,
  images: { ...siliconflow.operations.edit.images, count: [1, 1] },
} as const;

const pollinations = {
  ...unlisted,
  ...noExtras,
  source: 'https://github.com/pollinations/pollinations/blob/main/APIDOCS.md',
  checked: '2026-09-18',
  wire: { responseFormat: 'b64_json' } satisfies Dialect,
  operations: { generate: {}, edit: formEdit },
} as const satisfies ModelCapabilities;

/** Every kind of server that is known. `openai` is the one to take for a server that is not. */
export const servers = {
  openai: { label: 'OpenAI-compatible server', keys: [], row: unlisted },
  localai: { label: 'LocalAI', regions: { local: { baseURL: 'http://127.0.0.1:8080/v1' } }, keys: [], row: localai },
  'stable-diffusion.cpp': {
    label: 'stable-diffusion.cpp',
    regions: { local: { baseURL: 'http://127.0.0.1:1234/v1' } },
    keys: [],
    row: stableDiffusion,
    defaultModel: 'sd-cpp-local',
  },
  vllm: { label: 'vLLM-Omni', regions: { local: { baseURL: 'http://127.0.0.1:8000/v1' } }, keys: [], row: vllm },
  together: {
    label: 'Together',
    regions: { global: { baseURL: 'https://api.together.xyz/v1' } },
    keys: [{ env: 'TOGETHER_API_KEY' }],
    row: together,
  },
  deepinfra: {
    label: 'DeepInfra',
    regions: { global: { baseURL: 'https://api.deepinfra.com/v1/openai' } },
    keys: [{ env: 'DEEPINFRA_API_KEY' }, { env: 'DEEPINFRA_TOKEN' }],
    row: deepinfra,
  },
  xai: {
    label: 'xAI',
    regions: { global: { baseURL: 'https://api.x.ai/v1' } },
    keys: [{ env: 'XAI_API_KEY' }],
    row: xai,
    defaultModel: 'grok-imagine-image-2.0',
    models: {
      'grok-imagine-image-2.0': grok2,
      'grok-imagine-image': {
        ...grok,
        label: 'Grok Imagine',
        prices: [{ amount: 0.02, currency: 'USD', per: 'image' }],
      },
      // Asked for all the same, the service answers with 2.0 at `low`.
      'grok-imagine-image-quality': {
        ...grok,
        label: 'Grok Imagine Quality',
        retires: '2026-11-02',
        successor: 'grok-imagine-image-2.0',
        prices: [
          { amount: 0.05, currency: 'USD', per: 'image', when: { tier: '1k' } },
          { ...grokPrice, amount: 0.07, when: { tier: '2k' } },
        ],
      },
    },
  },
  siliconflow: {
    label: 'SiliconFlow',
    regions: {
      china: { label: 'China', baseURL: 'https://api.siliconflow.cn/v1' },
      international: { label: 'International', baseURL: 'https://api.siliconflow.com/v1' },
    },
    keys: [{ env: 'SILICONFLOW_API_KEY' }],
    row: siliconflow,
    models: {
      'Kwai-Kolors/Kolors': {
        ...knownSiliconflow,
        label: 'Kolors',
        perCall: 4,
        size: { presets: ['1024x1024', '960x1280', '768x1024', '720x1440', '720x1280'], default: 'auto' },
        options: { numInferenceSteps, guidanceScale },
        operations: { generate: {}, edit: onePicture },
      },
      'Qwen/Qwen-Image': {
        ...knownSiliconflow,
        label: 'Qwen-Image',
        size: {
          presets: ['1328x1328', '1664x928', '928x1664', '1472x1140', '1140x1472', '1584x1056', '1056x1584'],
          default: 'auto',
        },
        options: { numInferenceSteps, cfg },
        operations: { generate: {} },
      },
      'Qwen/Qwen-Image-Edit': {
        ...knownSiliconflow,
        label: 'Qwen-Image-Edit',
        size: false,
        options: { numInferenceSteps, cfg },
        operations: { edit: onePicture },
      },
      'Qwen/Qwen-Image-Edit-2509': {
        ...knownSiliconflow,
        label: 'Qwen-Image-Edit (2509)',
        size: false,
        options: { numInferenceSteps, cfg },
        operations: { edit: siliconflow.operations.edit },
      },
    },
  },
  azure,
  pollinations: {
    label: 'Pollinations',
    regions: { global: { baseURL: 'https://gen.pollinations.ai/v1' } },
    keys: [{ env: 'POLLINATIONS_API_KEY' }],
    row: pollinations,
  },
} as const satisfies { readonly [name: string]: Server };

/** The name of a kind of server that is known. */
export type ServerName = keyof typeof servers;

/** The kind of server that a public base URL belongs to; undefined if none does. On loopback a port says nothing. */
export function serverAt(baseURL: string): ServerName | undefined {
  const url = URL.parse(baseURL);
  if (!url || isLoopback(baseURL)) return undefined;
  const isAt = ({ baseURL: usual, hosts }: RegionFacts) =>
    new URL(usual).origin === url.origin || (hosts !== undefined && new RegExp(`^(?:${hosts})$`).test(url.hostname));
  const found = Object.entries<Server>(servers).find(([, { regions = {} }]) => Object.values(regions).some(isAt));
  return found?.[0] as ServerName | undefined;
}
