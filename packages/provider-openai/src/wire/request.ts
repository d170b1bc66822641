// From a call to OpenAI's request, or to that of a server with an accent. Sources: docs/providers/openai.md, sections 3 and 5.

import {
  type HttpRequest,
  isRecord,
  type Json,
  type ProviderCall,
  present,
  toFile,
  toURL,
  unlessEmpty,
} from '@anyimage/core';
import { type Dialect, dialectOf } from './dialect.ts';
import { decodePng } from './png.ts';

type Fields = { [name: string]: Json };

/** Options that are no field of their own, or not under their own name. */
const ours: ReadonlySet<string> = new Set([
  'transparent',
  'gif',
  'svg',
  'svgModel',
  'svgEffort',
  'markup',
  'imageField',
]);

/** The request of a call: JSON, or multipart where the server takes pictures so. Only what was asked is in it. */
export function toWire(call: ProviderCall): HttpRequest {
  const dialect = dialectOf(call.limits);
  const to = dialect.path ?? 'images/generations';
  const fields = fieldsOf(call, dialect);
  const asForm =
    dialect.body === 'form' || (dialect.body === 'form-or-json' && call.images.every(({ as }) => as === 'bytes'));
  return {
    to,
    spends: true,
    ...(asForm ? { form: formOf(call, dialect, fields) } : { json: jsonOf(call, dialect, fields) }),
  };
}

/** Everything but pictures. */
function fieldsOf(call: ProviderCall, dialect: Dialect): Fields {
  const { model, n, quality, style, background, outputFormat, outputCompression, user, strength, partials } = call;
  const promptForm = dialect.prompt ?? 'plain';
  return present({
    model: model || undefined,
    prompt: promptOf(call, dialect),
    [dialect.count ?? 'n']: n > 1 ? n : undefined,
    ...shapeOf(call, dialect),
    quality,
    style,
    background,
    output_format: outputFormat,
    output_compression: outputCompression,
    negative_prompt: promptForm === 'plain' ? call.negativePrompt : undefined,
    seed: promptForm === 'tag' ? undefined : call.seed,
    strength,
    [dialect.user ?? 'user']: user,
    response_format: dialect.responseFormat || undefined,
    ...(promptForm === 'tag' ? {} : optionsOf(call)),
    ...(partials > 0 && { stream: true, partial_images: partials }),
  });
}

function promptOf({ prompt, negativePrompt, seed, options }: ProviderCall, dialect: Dialect): string {
  if (dialect.prompt === 'pipe') return negativePrompt ? `${prompt}|${negativePrompt}` : prompt;
  if (dialect.prompt !== 'tag') return prompt;
  const { steps, ...others } = options;
  const extra = present({
    seed,
    negative_prompt: negativePrompt,
    sample_params: steps === undefined ? undefined : { sample_steps: steps },
    ...others,
  });
  const tag = `<sd_cpp_extra_args>${JSON.stringify(extra)}</sd_cpp_extra_args>`;
  return Object.keys(extra).length ? `${prompt} ${tag}` : prompt;
}

function shapeOf({ size, aspectRatio, resolution }: ProviderCall, dialect: Dialect): Record<string, Json | undefined> {
  const native = { aspect_ratio: aspectRatio, resolution };
  if (!size) return native;
  if (dialect.size === 'width-height') return { ...native, width: size.width, height: size.height };
  return { ...native, [dialect.size ?? 'size']: `${size.width}x${size.height}` };
}

/** Declared options under their wire names, which are ours in snake case; others as they came. */
function optionsOf({ options, limits }: ProviderCall): Record<string, Json | undefined> {
  const isDeclared = (name: string) => limits.options?.[name] !== undefined;
  const named = Object.entries(options)
    .filter(([name]) => !isDeclared(name) || !ours.has(name))
    .map(([name, value]) => [isDeclared(name) ? snakeCase(name) : name, value]);
  return {
    ...Object.fromEntries(named),
    ...(isDeclared('transparent') && options.transparent === true && { background: 'transparent' }),
    ...(wantsGIF({ options, limits }) && { output_format: 'gif' }),
    ...(wantsSVG({ options, limits }) && { output_format: 'svg', ...svgTextModel(options) }),
  };
}

/** Whether the options ask for an animated picture. */
export function wantsGIF({ options, limits }: Pick<ProviderCall, 'options' | 'limits'>): boolean {
  const { gif, frameCount, frameDurationMs } = options;
  return !!limits.options?.gif && (gif === true || frameCount !== undefined || frameDurationMs !== undefined);
}

/** Whether they ask for a drawing. */
export function wantsSVG({ options, limits }: Pick<ProviderCall, 'options' | 'limits'>): boolean {
  const { svg, svgModel, svgEffort } = options;
  return !!limits.options?.svg && (svg === true || svgModel !== undefined || svgEffort !== undefined);
}

/** Which text model writes the drawing; the service has one of its own. */
function svgTextModel({ svgModel: model, svgEffort: effort }: ProviderCall['options']): { svg?: Json } {
  const textModel: Fields = present({ model, reasoning: effort === undefined ? undefined : { effort } });
  return present({ svg: unlessEmpty(textModel) });
}

function formOf({ images, mask, options, limits }: ProviderCall, dialect: Dialect, fields: Fields): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields).flatMap(asFormFields)) {
    form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const name = images.length > 1 ? (dialect.formImages ?? 'image[]') : 'image';
  for (const [index, image] of images.entries()) {
    if (image.as === 'bytes') form.append(name, toFile(image, `image-${index + 1}`));
  }
  if (mask?.as === 'bytes') form.append('mask', toFile(mask, 'mask'));
  if (limits.options?.markup && typeof options.markup === 'string') {
    form.append('markup', toFile({ bytes: decodePng(options.markup)!, mediaType: 'image/png' }, 'markup'));
  }
  return form;
}

/** A form holds an object entry by entry: `svg[model]`, and, as follows from it, `svg[reasoning][effort]`. */
function asFormFields([name, value]: readonly [string, Json]): readonly (readonly [string, Json])[] {
  if (!isRecord(value)) return [[name, value]];
  return Object.entries(value).flatMap(([key, inner]) => asFormFields([`${name}[${key}]`, inner as Json]));
}

function jsonOf({ images, mask, options }: ProviderCall, { jsonImages = 'images' }: Dialect, fields: Fields): Fields {
  const urls = images.map(toURL);
  const [first] = urls;
  if (first === undefined) return fields;
  switch (jsonImages) {
    case 'images': {
      const list = urls.map((image_url) => ({ image_url }));
      return { ...fields, images: list, ...(mask && { mask: { image_url: toURL(mask) } }) };
    }
    case 'objects': {
      const objects = urls.map((url) => ({ url, type: 'image_url' }));
      return { ...fields, ...(objects.length > 1 ? { images: objects } : { image: objects[0]! }) };
    }
    case 'numbered':
      return { ...fields, ...Object.fromEntries(urls.map((url, i) => [i === 0 ? 'image' : `image${i + 1}`, url])) };
    case 'references':
      return { ...fields, ...(options.imageField === 'image_url' ? { image_url: first } : { reference_images: urls }) };
    case 'file': {
      const bare = urls.map((url) => url.replace(/^data:[^,]*,/, ''));
      return { ...fields, ...(bare.length > 1 ? { ref_images: bare } : { file: bare[0]! }) };
    }
  }
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
