// Requests for pictures in Bailian's own JSON. There are four shapes of body; a row's `wire` says which.

import type { ProviderCall } from '@anyimage/core';

/** What a row's `wire` says: paths below `services/aigc/`, and how the body is made. */
export interface Wire {
  readonly shape: 'prompt' | 'images' | 'function' | 'messages';
  readonly job?: string;
  readonly call?: string;
  /** The function of wanx2.1-imageedit. */
  readonly function?: string;
  /** Sent where there is no prompt. */
  readonly prompt?: string;
  /** Sent always. */
  readonly parameters?: { readonly [name: string]: boolean };
}

/** The input pictures of a call as the service takes them: http(s), `data:` or `oss:` URLs. */
export interface Inputs {
  readonly images: readonly string[];
  readonly mask?: string;
}

/** The row's `wire`. */
export function wireOf({ limits }: Pick<ProviderCall, 'limits'>): Wire {
  return limits.wire as unknown as Wire;
}

/** The body of every endpoint that makes pictures. `n` is always sent: most wan models make four otherwise. */
export function toWire(call: ProviderCall, { images, mask }: Inputs) {
  const { model, negativePrompt } = call;
  const { shape, function: name, prompt: usual = '' } = wireOf(call);
  const prompt = call.prompt || usual;
  const unwanted = negativePrompt !== undefined && { negative_prompt: negativePrompt };
  const parameters = parametersOf(call);
  switch (shape) {
    case 'prompt':
      return { model, input: { prompt, ...unwanted }, parameters };
    case 'images':
      return { model, input: { prompt, ...unwanted, images }, parameters };
    case 'function': {
      const masked = mask !== undefined && { mask_image_url: mask };
      return { model, input: { function: name, prompt, base_image_url: images[0], ...masked }, parameters };
    }
    case 'messages': {
      const content = [...images.map((image) => ({ image })), { text: prompt }];
      return { model, input: { messages: [{ role: 'user', content }] }, parameters: { ...parameters, ...unwanted } };
    }
  }
}

/** Our names of options that the service spells otherwise. */
const spelling: { readonly [name: string]: string } = {
  promptExtend: 'prompt_extend',
  isSketch: 'is_sketch',
  thinking: 'thinking_mode',
  sequential: 'enable_sequential',
  boxes: 'bbox_list',
  colorPalette: 'color_palette',
};

function parametersOf(call: ProviderCall) {
  const { n, size, resolution, seed, strength, factor, expand, options } = call;
  const { transfer: _, endpoint: __, ...sent } = options;
  return {
    ...(size ? { size: `${size.width}*${size.height}` } : resolution && { size: resolution }),
    n,
    ...(seed !== undefined && { seed }),
    ...Object.fromEntries(Object.entries(sent).map(([name, value]) => [spelling[name] ?? name, value])),
    ...(strength !== undefined && { strength }),
    ...(factor !== undefined && { upscale_factor: factor }),
    ...Object.fromEntries(
      Object.entries(expand ?? {}).flatMap(([side, length]) => (length ? [[`${side}_scale`, scale(length)]] : [])),
    ),
    ...wireOf(call).parameters,
  };
}

/** 1 is the picture as it is. Four decimals, so that sums show no binary fractions. */
function scale(length: number): number {
  return Math.round((1 + length) * 1e4) / 1e4;
}
