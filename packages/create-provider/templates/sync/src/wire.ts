// Paint Box's own JSON: pure functions to and from it, and its error codes.
// Source: https://api.paint-box.example/v1/docs.

import {
  defineErrorMap,
  type Envelope,
  holdsPicture,
  nothingMade,
  type Output,
  otherForm,
  type ProviderCall,
  type ProviderResult,
  picturesInEntry,
  present,
  readComplaint,
  toURL,
} from '@anyimage/core';
import * as z from 'zod';

/** The body of a request. All values of a call are legal already. */
export function toWire({ model, prompt, n, size, quality, outputFormat, seed, images, options }: ProviderCall) {
  return present({
    model,
    prompt,
    n,
    size: size && `${size.width}x${size.height}`,
    quality,
    format: outputFormat,
    seed,
    images: images.length > 0 ? images.map(toURL) : undefined,
    guidance: options.guidance,
  });
}

// Strict only where the pictures depend on it: what is said beside them, in whatever form, must not lose them.
const words = z.string().nullish().catch(undefined);
const error = z.object({ code: words, message: words }).nullish().catch(undefined);
const item = z.object({ seed: z.int().nullish().catch(undefined), error }).catch({});
const answer = z.object({ images: z.array(z.unknown()).nullish(), error });
type Refusal = z.infer<typeof error>;

/**
 * The pictures of an answer. One that was refused is an error in its place and costs nothing. Throws what the status or the body
 * says is wrong, also for an error told with status 200, unless there is a picture all the same.
 */
export function fromWire(envelope: Envelope, body: unknown): ProviderResult {
  // What stands in between, such as a relay, complains in its own form: any form is read.
  if (envelope.status >= 400) throw toError(envelope, readComplaint(body));
  const { data: read, error: mismatch } = answer.safeParse(body);
  if (!read) throw otherForm(envelope, z.prettifyError(mismatch));
  if (tells(read.error) && !read.images?.some(holdsPicture)) throw toError(envelope, complaintOf(read.error));
  const outputs = (read.images ?? []).flatMap((entry): Output[] => {
    const { seed, error } = item.parse(entry);
    const pictures = picturesInEntry(entry).map((picture) => ({ ...picture, ...(seed != null && { seed }) }));
    if (pictures.length > 0) return pictures;
    return tells(error) ? [{ error: toError(envelope, { ...complaintOf(error), spends: 'never' }) }] : [];
  });
  if (outputs.length > 0) return { outputs };
  throw nothingMade({ status: envelope.status });
}

function tells(error: Refusal): boolean {
  return !!(error?.code || error?.message);
}

/** What the service's codes mean. A code that merely repeats the status is not named: the status decides then. */
const toError = defineErrorMap({
  service: 'Paint Box',
  codes: {
    content_policy: 'content-blocked',
    insufficient_credits: 'quota',
    invalid_image: 'bad-picture',
    invalid_parameter: 'invalid-request',
    model_not_found: 'not-found',
  },
});

function complaintOf(said: Refusal) {
  return { codes: [said?.code], message: said?.message };
}
