// From the fields of a request to core's words.

import type { ClientRequest, Json } from '@anyimage/core';
import { present } from '@anyimage/core';
import type { AnyFields } from './fields.ts';

/** How the caller wants the answer. */
export interface AnswerForm {
  readonly responseFormat: 'b64_json' | 'url';
  readonly stream: boolean;
}

export function formOf({ response_format: format = 'b64_json', stream = false }: AnyFields): AnswerForm {
  return { responseFormat: format, stream };
}

/** Core's words, without pictures. What asks for nothing (`auto`) is left out. */
export function wordsOf(fields: AnyFields): ClientRequest {
  const { prompt, model, n, quality, background, style, resolution, seed, operation, strength, factor } = fields;
  const { max_cost: maxCost, prefer, translate, enhance, stream } = fields;
  const route = present({ maxCost, prefer });
  const expand = fields.expand && present(fields.expand);
  const providerOptions = optionsOf(fields);
  return present({
    prompt,
    model,
    n,
    size: unlessAuto(fields.size) as ClientRequest['size'],
    quality: unlessAuto(quality),
    background: unlessAuto(background),
    outputFormat: unlessAuto(fields.output_format),
    outputCompression: fields.output_compression,
    user: fields.safety_identifier ?? fields.user,
    style,
    negativePrompt: fields.negative_prompt,
    aspectRatio: fields.aspect_ratio as ClientRequest['aspectRatio'],
    resolution,
    seed,
    operation,
    strength,
    factor,
    expand,
    translate,
    enhance,
    partials: stream ? fields.partial_images || undefined : undefined,
    route: Object.keys(route).length > 0 ? route : undefined,
    providerOptions: Object.keys(providerOptions).length > 0 ? providerOptions : undefined,
  }) as ClientRequest;
}

/** OpenAI's own words that are options of a provider. A model that lacks one refuses it by name. */
function optionsOf(fields: AnyFields): { readonly [name: string]: Json } {
  const { svg } = fields;
  const own = present({
    moderation: unlessAuto(fields.moderation),
    complexity: fields.complexity,
    inputFidelity: fields.input_fidelity,
    frameCount: fields.frame_count,
    frameDurationMs: fields.frame_duration_ms,
    svgModel: svg?.model,
    svgEffort: svg?.reasoning?.effort,
  });
  return { ...(own as { readonly [name: string]: Json }), ...fields.provider_options };
}

function unlessAuto(value: string | undefined): string | undefined {
  return value?.toLowerCase() === 'auto' ? undefined : value;
}
