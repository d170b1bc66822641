// Requests for pictures in Bailian's own JSON. There are four shapes of body; a row's `wire` says which.

import { omit, type ProviderCall, present } from '@anyimage/core';

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
  return present({
    size: size ? `${size.width}*${size.height}` : resolution,
    n,
    seed,
    ...spelled(options),
    strength,
    upscale_factor: factor,
    ...scalesOf(expand),
    ...wireOf(call).parameters,
  });
}

/** The options that are parameters, under the service's names. How files travel and where the request goes are none. */
function spelled(options: ProviderCall['options']) {
  const sent = Object.entries(omit(options, 'transfer', 'endpoint'));
  return Object.fromEntries(sent.map(([name, value]) => [spelling[name] ?? name, value]));
}

/** The sides that grow, as ratios of the whole. */
function scalesOf(expand: ProviderCall['expand'] = { top: 0, right: 0, bottom: 0, left: 0 }) {
  const grown = Object.entries(expand).filter(([, length]) => length > 0);
  return Object.fromEntries(grown.map(([side, length]) => [`${side}_scale`, scale(length)]));
}

/** 1 is the picture as it is. Four decimals, so that sums show no binary fractions. */
function scale(length: number): number {
  return Math.round((1 + length) * 1e4) / 1e4;
}
