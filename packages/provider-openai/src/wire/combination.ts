// What a row cannot say: values that are legal each by itself and not together. Checked before anything is sent.

import { type CallDraft, ImageError, type InputImage, type Json, pictureFacts, type Size } from '@anyimage/core';
import { dialectOf } from './dialect.ts';
import { decodePng } from './png.ts';
import { wantsGIF, wantsSVG } from './request.ts';

interface Problem {
  readonly option: string;
  readonly asked: Json;
  /** What is wrong with it, without a full stop. */
  readonly message: string;
  readonly hint: string;
}

/** Refuses a call whose values exclude each other. Throws `invalid-request`; `details` holds `option` and `asked`. */
export function checkCombination(call: CallDraft): void {
  const problem = formatProblem(call) ?? pictureProblem(call) ?? promptProblem(call);
  if (!problem) return;
  const { option, asked, message, hint } = problem;
  throw new ImageError('invalid-request', message, { details: { option, asked }, hint });
}

function formatProblem(call: CallDraft) {
  const { background, outputFormat, options, limits } = call;
  const isDeclared = (name: string) => limits.options?.[name] !== undefined;
  const transparent = isDeclared('transparent') && options.transparent === true;
  if (transparent && background !== undefined) {
    return wrong('background', background, 'background and the option transparent exclude each other');
  }
  if ((transparent || background === 'transparent') && outputFormat === 'jpeg') {
    const message = 'a transparent background needs png or webp, jpeg has no transparency';
    return { option: 'outputFormat', asked: 'jpeg', message, hint: 'Use outputFormat: "png" or "webp".' };
  }
  const [isGIF, isSVG] = [wantsGIF(call), wantsSVG(call)];
  if (!isGIF && !isSVG) return undefined;
  if (isGIF && isSVG) return wrong('providerOptions.svg', true, 'a picture is either a GIF or an SVG drawing');
  if (isGIF && options.gif === false) return wrong('providerOptions.gif', false, 'frames are only for a GIF');
  if (isSVG && options.svg === false)
    return wrong('providerOptions.svg', false, 'svgModel and svgEffort are only for an SVG drawing');
  return outputProblem(call, isGIF ? 'a GIF' : 'an SVG drawing');
}

/** Custom sizes are for png, jpeg and webp alone. Whether a GIF takes all of the listed ones is unverified. */
function outputProblem({ outputFormat, partials, size, limits }: CallDraft, what: string) {
  if (outputFormat !== undefined) return wrong('outputFormat', outputFormat, `${what} has no other output format`);
  if (partials > 0) return wrong('partials', partials, `${what} has no partial pictures`);
  const listed = limits.size ? limits.size.presets : undefined;
  const asked = size && formatSize(size);
  if (!asked || !listed || listed.includes(asked)) return undefined;
  const message = `${what} is not made in ${asked}; it is in ${listed.join(', ')}`;
  return { option: 'size', asked, message, hint: 'Use one of those sizes, or leave the size out.' };
}

function pictureProblem(call: CallDraft): Problem | undefined {
  const { images, size, limits, options } = call;
  const dialect = dialectOf(limits);
  const byURL = images.some(({ as }) => as === 'url');
  const listed = limits.size ? limits.size.presets : undefined;
  const asked = size && formatSize(size);
  if (dialect.urlSizes === 'presets' && byURL && asked && !listed?.includes(asked)) {
    const message = `size ${asked} is not sure to be taken with pictures given as URLs; ${listed?.join(', ')} are`;
    return { option: 'size', asked, message, hint: 'Give the pictures as files or bytes, or use one of those sizes.' };
  }
  if (limits.options?.markup && options.markup !== undefined) {
    const hint = 'Give it as "data:image/png;base64,…".';
    if (typeof options.markup !== 'string' || !decodePng(options.markup)) {
      return { option: 'providerOptions.markup', asked: 'markup', message: 'markup is no PNG in a data: URL', hint };
    }
    if (byURL) return wrong('providerOptions.markup', 'markup', 'markup needs the pictures as files or bytes');
  }
  if (limits.options?.imageField && options.imageField === 'image_url' && images.length > 1) {
    return wrong('providerOptions.imageField', 'image_url', `image_url takes one picture, ${images.length} given`);
  }
  const grey = dialect.rgb ? images.findIndex(isGrey) : -1;
  if (grey < 0) return undefined;
  const message = `picture ${grey + 1} is in shades of grey, which this server skips without a word`;
  return { option: 'images', asked: grey + 1, message, hint: 'Save it in RGB colours.' };
}

/** What would be read as something else than the prompt. It is refused rather than changed: prompts are never changed. */
function promptProblem({ prompt, negativePrompt, limits }: CallDraft): Problem | undefined {
  const { prompt: form } = dialectOf(limits);
  if (form === 'pipe' && prompt.includes('|')) {
    return wrong('prompt', '|', 'this server reads what follows a | in the prompt as the negative prompt', 'the |');
  }
  if (form === 'tag' && /<\/?sd_cpp_extra_args/i.test(`${prompt} ${negativePrompt ?? ''}`)) {
    const tag = '<sd_cpp_extra_args>';
    return wrong('prompt', tag, `this server reads ${tag} in the prompt as settings`, 'the tag');
  }
  return undefined;
}

function isGrey(image: InputImage): boolean {
  return image.as === 'bytes' && pictureFacts(image.bytes)?.grey === true;
}

function wrong(option: string, asked: Json, message: string, what = option): Problem {
  return { option, asked, message, hint: `Leave ${what} out.` };
}

function formatSize({ width, height }: NonNullable<CallDraft['size']>): Size {
  return `${width}x${height}`;
}
