// The catalogue that the emulated service has: the one it is given, or made models beside those that the documentation names. What the
// models take and cost is invented; only the form is documented.

/** What a parameter takes. */
export type Descriptor =
  | { readonly type: 'enum'; readonly values: readonly string[] }
  | { readonly type: 'range'; readonly min: number; readonly max: number }
  | { readonly type: 'boolean' };

/** One line of a price list. */
export interface PriceRecord {
  readonly billable: string;
  readonly unit: string;
  readonly cost_usd: number;
  readonly variant?: string;
}

/** A service that serves a model. */
export interface EndpointRecord {
  readonly provider_name: string;
  readonly provider_slug: string;
  readonly provider_tag: string | null;
  readonly supported_parameters: { readonly [name: string]: Descriptor };
  readonly allowed_passthrough_parameters: readonly string[];
  readonly supports_streaming: boolean;
  readonly pricing: readonly PriceRecord[];
}

/** The services of each model, by its id. */
export type Services = { readonly [id: string]: readonly EndpointRecord[] };

/** What the two routes answer. */
export interface Catalogue {
  /** The models that can be asked for pictures. */
  readonly services: Services;
  /** The body of `GET images/models`. Default: from `services`. */
  readonly list?: unknown;
  /** The body of a model's record, by its id; `null` = 404. Default: from `services`. */
  readonly records?: { readonly [id: string]: unknown };
}

/** An entry of the list: what at least one of the services takes. */
export function listed(id: string, services: readonly EndpointRecord[]) {
  return {
    id,
    name: `Model ${id}`,
    description: 'It draws.',
    created: 1_780_000_000,
    architecture: { input_modalities: ['text', 'image'], output_modalities: ['image'] },
    supported_parameters: Object.assign({}, ...services.map((one) => one.supported_parameters)),
    supports_streaming: services.some((one) => one.supports_streaming),
    endpoints: `/api/v1/images/models/${id}/endpoints`,
  };
}

/** A service with this much; the rest is the least. */
export function service(slug: string, record: Partial<EndpointRecord>): EndpointRecord {
  return {
    provider_name: slug,
    provider_slug: slug,
    provider_tag: null,
    supported_parameters: {},
    allowed_passthrough_parameters: [],
    supports_streaming: false,
    pricing: [],
    ...record,
  };
}

const oneOf = (...values: readonly string[]): Descriptor => ({ type: 'enum', values });
const range = (min: number, max: number): Descriptor => ({ type: 'range', min, max });
const perPicture = (cost_usd: number, variant?: string): PriceRecord => ({
  ...{ billable: 'output_image', unit: 'image', cost_usd },
  ...(variant && { variant }),
});

const gptImage = {
  n: range(1, 10),
  size: oneOf('auto', '1024x1024', '1536x1024', '1024x1536'),
  quality: oneOf('auto', 'low', 'medium', 'high'),
  background: oneOf('auto', 'transparent', 'opaque'),
  output_format: oneOf('png', 'jpeg', 'webp'),
  output_compression: range(0, 100),
  input_references: range(1, 4),
};

export const usual: Catalogue = {
  services: {
    'openai/gpt-image-2': [
      service('openai', {
        supported_parameters: gptImage,
        allowed_passthrough_parameters: ['moderation'],
        supports_streaming: true,
        pricing: [
          { billable: 'output_image', unit: 'token', cost_usd: 0.00003 },
          { billable: 'input_image', unit: 'token', cost_usd: 0.000008 },
          { billable: 'input_text', unit: 'token', cost_usd: 0.000005 },
        ],
      }),
    ],
    'bytedance-seed/seedream-4.5': [
      service('seed', {
        supported_parameters: {
          resolution: oneOf('1K', '2K'),
          aspect_ratio: oneOf('1:1', '4:3', '3:4', '16:9', '9:16'),
          input_references: range(0, 3),
        },
        pricing: [perPicture(0.04)],
      }),
    ],
    'maker/by-resolution': [
      service('maker', {
        supported_parameters: {
          resolution: oneOf('512', '1K', '2K'),
          aspect_ratio: oneOf('auto', '1:1', '3:2', '2:3'),
          n: range(1, 4),
          seed: range(0, 2_147_483_647),
          guidance_scale: range(1, 20),
          scheduler: oneOf('euler', 'heun'),
        },
        allowed_passthrough_parameters: ['safety', 'steps'],
        pricing: [perPicture(0.02, '512'), perPicture(0.03, '1K'), perPicture(0.06, '2K')],
      }),
    ],
    'maker/by-quality': [
      service('maker', {
        supported_parameters: { quality: oneOf('low', 'high'), seed: { type: 'boolean' } },
        pricing: [perPicture(0.01, 'low'), perPicture(0.05, 'high')],
      }),
    ],
    'maker/by-pixels': [
      service('maker', {
        supported_parameters: { size: oneOf('512x512', '1024x768'), input_references: range(1, 2) },
        pricing: [
          { billable: 'output_image', unit: 'megapixel', cost_usd: 0.03 },
          { billable: 'input_reference', unit: 'image', cost_usd: 0.002 },
        ],
      }),
    ],
    'maker/drawings': [
      service('maker', {
        supported_parameters: { output_format: oneOf('svg') },
        pricing: [{ billable: 'output_image', unit: 'request', cost_usd: 0.08 }],
      }),
    ],
    'maker/two-services': [
      service('quick', {
        supported_parameters: { resolution: oneOf('1K'), n: range(1, 4), aspect_ratio: oneOf('1:1', '16:9') },
        supports_streaming: true,
        pricing: [perPicture(0.02)],
      }),
      service('careful', {
        provider_tag: 'careful/eu',
        supported_parameters: { resolution: oneOf('1K', '2K'), n: range(1, 2), seed: range(0, 99_999) },
        allowed_passthrough_parameters: ['steps'],
        pricing: [perPicture(0.05)],
      }),
    ],
  },
};
