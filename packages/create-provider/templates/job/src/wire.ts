// Paint Box's own JSON: pure functions to and from it, and its error codes.
// Source: https://api.paint-box.example/v1/docs.

import {
  defineErrorMap,
  type Envelope,
  holdsPicture,
  ImageError,
  type JobState,
  nothingMade,
  type Output,
  otherForm,
  type ProviderCall,
  type ProviderResult,
  perhapsMade,
  picturesInEntry,
  present,
  quoted,
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
const answer = z.object({
  id: words,
  status: words,
  progress: z.number().min(0).max(1).nullish().catch(undefined),
  images: z.array(z.unknown()).nullish(),
  error,
});
type Answer = z.infer<typeof answer>;
type Refusal = z.infer<typeof error>;

/** The id of a job that was submitted. Throws `bad-response` if there is none. */
export function readJobId(envelope: Envelope, body: unknown): string {
  const { id } = readAnswer(envelope, body);
  if (id) return id;
  throw new ImageError('bad-response', 'the service took the job but gave no id for it', perhapsMade);
}

/** The state of a job. Throws what is wrong with the question rather than with the job. */
export function jobState(envelope: Envelope, body: unknown): JobState {
  const read = readJob(envelope, body);
  if (read instanceof Error) return { state: 'gone', error: read };
  switch (read.status) {
    case 'queued':
      return { state: 'queued' };
    case 'running':
      return { state: 'running', ...(read.progress != null && { fraction: read.progress }) };
    case 'done':
      return { state: 'done', result: resultOf(envelope, read) };
    case 'failed':
      return { state: 'failed', error: jobError(envelope, read.error) };
    case 'cancelled':
      return { state: 'cancelled', error: new ImageError('unavailable', 'the job was cancelled at the service') };
    default:
      throw otherForm(envelope, `the state of the job is ${quoted(String(read.status))}`);
  }
}

/** Whether a job was cancelled: one that runs already goes on, and is billed. Throws what is wrong with the question. */
export function readCancelled(envelope: Envelope, body: unknown): 'cancelled' | 'too late' {
  try {
    readAnswer(envelope, body);
    return 'cancelled';
  } catch (error) {
    if (ImageError.isInstance(error) && error.serviceCode === 'already_running') return 'too late';
    throw error;
  }
}

/** Reads any answer. Throws what the status or the body says is wrong with the request. */
function readAnswer(envelope: Envelope, body: unknown): Answer {
  // What stands in between, such as a relay, complains in its own form: any form is read.
  if (envelope.status >= 400) throw toError(envelope, { ...readComplaint(body), spends: 'later' });
  const { data: read, error: mismatch } = answer.safeParse(body);
  if (!read) throw otherForm(envelope, z.prettifyError(mismatch));
  return read;
}

/** A job that the service itself says it does not know is gone. Any other refusal says nothing of the job. */
function readJob(envelope: Envelope, body: unknown): Answer | ImageError {
  try {
    return readAnswer(envelope, body);
  } catch (error) {
    if (!ImageError.isInstance(error) || error.serviceCode !== 'job_not_found') throw error;
    return error.with(perhapsMade);
  }
}

/** The pictures of a job. One that was refused is an error in its place and costs nothing. */
function resultOf(envelope: Envelope, { images, error }: Answer): ProviderResult {
  if (tells(error) && !images?.some(holdsPicture)) throw jobError(envelope, error);
  const outputs = (images ?? []).flatMap((entry): Output[] => {
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
    already_running: 'invalid-request',
    content_policy: 'content-blocked',
    insufficient_credits: 'quota',
    invalid_image: 'bad-picture',
    invalid_parameter: 'invalid-request',
    job_not_found: 'not-found',
    model_not_found: 'not-found',
    out_of_memory: 'server',
  },
});

/** The error of a job that failed, which may have been billed: the documentation does not say that it is free. */
function jobError(envelope: Envelope, said: Refusal): ImageError {
  return toError(envelope, complaintOf(said)).with({ mayHaveBeenBilled: true });
}

function complaintOf(said: Refusal) {
  return { codes: [said?.code], message: said?.message };
}
