// Ideogram's multipart requests and its answers: pure functions to and from them, and what its refusals mean.
// Source: https://developer.ideogram.ai, version 1 of the API.

import {
  defineErrorMap,
  type Envelope,
  ImageError,
  type InputBytes,
  nothingMade,
  type Output,
  otherForm,
  type ProviderCall,
  type ProviderResult,
  present,
  readComplaint,
  toFile,
} from '@anyimage/core';
import * as z from 'zod';

/** The form of every endpoint. Words of the service are in capitals, and ratios have an x. */
export function toForm(call: ProviderCall<InputBytes>): FormData {
  const { prompt, negativePrompt, n, seed, size, aspectRatio, quality, style, strength, options, limits } = call;
  const fields = present({
    [String(limits.wire?.prompt)]: prompt,
    negative_prompt: negativePrompt,
    num_images: limits.perCall === undefined ? undefined : n,
    seed,
    resolution: size && `${size.width}x${size.height}`,
    aspect_ratio: aspectRatio?.replace(':', 'x'),
    rendering_speed: quality?.toUpperCase(),
    style_type: style?.toUpperCase(),
    image_weight: strength === undefined ? undefined : weightFor(strength),
    magic_prompt: typeof options.magicPrompt === 'string' ? options.magicPrompt.toUpperCase() : undefined,
    enable_copyright_detection: options.copyrightDetection,
  });
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  for (const code of styleCodesIn(call) ?? []) form.append('style_codes', code);
  const [image] = call.images;
  if (image) form.append('image', toFile(image, 'image'));
  if (call.mask) form.append('mask', toFile(call.mask, 'mask'));
  return form;
}

/** The service asks how much of the picture stays, from 1 to 100. */
function weightFor(strength: number): number {
  return Math.max(1, Math.round((1 - strength) * 100));
}

const codes = z.array(z.string().regex(/^[0-9a-f]{8}$/i)).min(1);

/** The codes of styles; undefined if none are given. Throws `invalid-request` for what are no codes. */
export function styleCodesIn({ options }: Pick<ProviderCall, 'options'>): readonly string[] | undefined {
  if (options.styleCodes === undefined) return undefined;
  const { data } = codes.safeParse(options.styleCodes);
  if (data) return data;
  throw new ImageError('invalid-request', 'styleCodes is a list of codes, each of 8 hexadecimal digits', {
    details: { option: 'styleCodes' },
    hint: 'Give them as ["1a2b3c4d"].',
  });
}

// Strict only where the picture depends on it: what is said beside it, in whatever form, must not lose it.
const words = z.string().nullish().catch(undefined);
const item = z.object({
  url: words,
  prompt: words,
  seed: z.int().min(0).nullish().catch(undefined),
  is_image_safe: z.boolean().nullish().catch(undefined),
});
const answer = z.object({ data: z.array(item) });

/** The pictures of an answer; one that was found unsafe is an error in its place. Throws what is wrong with the whole. */
export function fromWire(envelope: Envelope, body: unknown): ProviderResult {
  if (envelope.status >= 400) throw serviceError(envelope, body);
  const { data: read, error } = answer.safeParse(body);
  if (!read) throw otherForm(envelope, z.prettifyError(error));
  const outputs = read.data.flatMap(({ url, prompt, seed, is_image_safe: isSafe }): Output[] => {
    if (url) {
      const known = { seed: seed ?? undefined, revisedPrompt: prompt || undefined, expiresAt: expiryOf(url) };
      return [{ url, ...present(known) }];
    }
    return isSafe === false ? [{ error: unsafe(envelope) }] : [];
  });
  if (outputs.length === 0) throw nothingMade({ status: envelope.status });
  return { outputs };
}

/** A signed URL says when it ends: `exp`, Unix time in s. */
function expiryOf(url: string): number | undefined {
  const seconds = Number(URL.parse(url)?.searchParams.get('exp') ?? Number.NaN);
  return Number.isSafeInteger(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

/** Whether a picture that was drawn and held back is charged is not published. */
function unsafe({ status }: Envelope): ImageError {
  const hint = 'Reword the prompt; the picture may have been billed.';
  const facts = { status, mayHaveBeenBilled: true, hint };
  return new ImageError('content-blocked', 'Ideogram drew the picture, found it unsafe and held it back', facts);
}

const toError = defineErrorMap({ service: 'Ideogram', codes: {}, statuses: { 422: 'content-blocked' } });

/** Problem JSON (`title`, `detail`), or `error` or `message`, by the endpoint. It has no codes: the status decides. */
function serviceError(envelope: Envelope, body: unknown): ImageError {
  const title = z.object({ title: z.string() }).safeParse(body).data?.title;
  return toError(envelope, { message: readComplaint(body).message ?? title });
}
