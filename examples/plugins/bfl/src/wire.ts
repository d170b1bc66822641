// The service's own JSON: pure functions to and from it, and what its refusals mean.
// Sources: https://api.bfl.ai/openapi.json, https://docs.bfl.ai/api_integration/errors.

import {
  defineErrorMap,
  type Envelope,
  ImageError,
  type InputImage,
  type JobState,
  type Json,
  nothingMade,
  otherForm,
  type ProviderCall,
  perhapsMade,
  present,
  quoted,
  readComplaint,
  toBase64,
} from '@anyimage/core';
import * as z from 'zod';

/** The body of a task. The model is in the path; one task makes one picture. */
export function toWire(call: ProviderCall) {
  const { prompt, images, mask, size, aspectRatio, resolution, seed, outputFormat, strength, options, limits } = call;
  return present({
    prompt,
    ...picturesAs(limits.wire?.images, images.map(plain)),
    mask: mask && plain(mask),
    width: size?.width,
    height: size?.height,
    aspect_ratio: aspectRatio,
    resolution,
    seed,
    output_format: outputFormat,
    // The service asks how much of the picture stays.
    image_prompt_strength: strength === undefined ? undefined : Number((1 - strength).toFixed(3)),
    safety_tolerance: options.safetyTolerance,
    disable_pup: options.disablePup,
    prompt_upsampling: options.promptUpsampling,
    steps: options.steps,
    guidance: options.guidance,
    grounding: options.grounding,
    raw: options.raw,
  });
}

/** An input picture: its URL, or base64 without the head of a `data:` URL. */
function plain(image: InputImage): string {
  return image.as === 'url' ? image.url : toBase64(image.bytes);
}

/** `images` is a list. `input_image` goes on with `input_image_2`. The other names are of models that take one picture. */
function picturesAs(field: Json | undefined, pictures: readonly string[]): Record<string, unknown> {
  if (pictures.length === 0 || typeof field !== 'string') return {};
  if (field === 'images') return { images: pictures };
  return Object.fromEntries(pictures.map((one, index) => [index === 0 ? field : `${field}_${index + 1}`, one]));
}

// Strict only where the picture depends on it: what is said beside it, in whatever form, must not lose it.
const words = z.string().nullish().catch(undefined);
const task = z.object({
  id: words,
  polling_url: z.url({ protocol: /^https?$/ }),
  cost: z.number().min(0).nullish().catch(undefined),
});

/**
 * The task that was submitted: where to ask after it, and what it costs, in credits. Throws what the service says is wrong, and
 * `bad-response` if it does not say where to ask.
 */
export function readTask(envelope: Envelope, body: unknown) {
  if (envelope.status >= 400) throw serviceError(envelope, body, 'later');
  const { data, error } = task.safeParse(body);
  if (!data) throw otherForm(envelope, z.prettifyError(error));
  const url = new URL(data.polling_url);
  if (data.id && !url.searchParams.has('id')) url.searchParams.set('id', data.id);
  return { pollingURL: url.href, ...present({ credits: data.cost ?? undefined }) };
}

const answer = z.object({
  status: z.string(),
  progress: z.number().min(0).max(1).nullish().catch(undefined),
  result: z
    .object({ sample: z.string().nullish(), seed: z.int().min(0).nullish().catch(undefined), prompt: words })
    .nullish()
    .catch(undefined),
});

/**
 * How a task stands. A task that ended badly may say so with a status such as 503: the body is read first. Throws what is wrong with
 * the question, and `bad-response` for a word that is new.
 */
export function jobState(envelope: Envelope, body: unknown): JobState {
  const { data: read } = answer.safeParse(body);
  if (!read) throw envelope.status >= 400 ? serviceError(envelope, body, 'never') : otherForm(envelope, 'no status');
  const { status, progress, result } = read;
  switch (status) {
    case 'Pending':
      return { state: 'queued' };
    case 'Reasoning':
    case 'Generating':
      return { state: 'running', ...present({ fraction: progress ?? undefined }) };
    case 'Ready': {
      if (!result?.sample) throw nothingMade({ status: envelope.status });
      const { sample: url, seed, prompt } = result;
      const known = present({ seed: seed ?? undefined, revisedPrompt: prompt || undefined });
      return { state: 'done', result: { outputs: [{ url, ...known }] } };
    }
    case 'Request Moderated':
      return failed(envelope, status, 'content-blocked', 'Reword the prompt, or use other pictures.');
    case 'Content Moderated':
      return failed(
        envelope,
        status,
        'content-blocked',
        'The picture was held back: reword the prompt or try another seed.',
      );
    case 'Error':
    case 'Failed':
      return failed(envelope, status, 'server', perhapsMade.hint);
    case 'Task not found':
      return { state: 'gone', error: endOf(envelope, status, 'not-found', perhapsMade.hint) };
    default:
      throw new ImageError('bad-response', `the service told an unknown state of the task, ${quoted(status)}`, {
        ...perhapsMade,
        serviceCode: status,
        hint: 'Update this plugin, then resume the ticket.',
      });
  }
}

function failed(...end: Parameters<typeof endOf>): JobState {
  return { state: 'failed', error: endOf(...end) };
}

/** The service tells the cost when it takes a task; whether one that fails is charged, it does not say. */
function endOf({ status }: Envelope, word: string, code: 'content-blocked' | 'server' | 'not-found', hint: string) {
  const facts = { status, serviceCode: word, mayHaveBeenBilled: true, hint };
  return new ImageError(code, `Black Forest Labs ended the task: ${word}`, facts);
}

const toError = defineErrorMap({
  service: 'Black Forest Labs',
  codes: {},
  statuses: {
    403: [
      { says: /not authenticated/i, means: 'auth' },
      {
        says: /does not have access/i,
        means: { kind: 'permission', hint: 'Ask for access to the model in the dashboard.' },
      },
    ],
    422: [
      { says: /api key/i, means: 'auth' },
      { says: /./, means: 'invalid-request' },
    ],
  },
  hints: { 'no-address': 'The service has no such model at this address: check the model and the base URL.' },
});

/** What a refusal says stands in `detail`: a text, or a list of what is wrong in which field. */
function serviceError(envelope: Envelope, body: unknown, spends: 'later' | 'never'): ImageError {
  const { codes, message } = readComplaint(body);
  return toError(envelope, { codes, message, spends });
}
