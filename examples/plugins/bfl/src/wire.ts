// The service's own JSON: pure functions to and from it, and what its refusals mean.
// Sources: https://api.bfl.ai/openapi.json, https://docs.bfl.ai/api_integration/errors.

import {
  defineErrorMap,
  type Envelope,
  type ErrorCode,
  ImageError,
  type InputImage,
  type JobState,
  type Json,
  nothingMade,
  type Output,
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
  if (status === 'Pending') return { state: 'queued' };
  if (status === 'Reasoning' || status === 'Generating') {
    return { state: 'running', ...present({ fraction: progress ?? undefined }) };
  }
  if (status === 'Ready') return { state: 'done', result: { outputs: [pictureOf(envelope, result)] } };
  const end = Object.hasOwn(ends, status) ? ends[status] : undefined;
  const facts = { status: envelope.status, serviceCode: status, ...perhapsMade };
  if (!end) {
    const hint = 'Update this plugin, then resume the ticket.';
    throw new ImageError('bad-response', `the task is in a state that is new, ${quoted(status)}`, { ...facts, hint });
  }
  const { state = 'failed', code, hint = perhapsMade.hint } = end;
  return { state, error: new ImageError(code, `Black Forest Labs ended the task: ${status}`, { ...facts, hint }) };
}

/** How tasks end without a picture. Whether that is charged is not published. */
const ends: Readonly<Record<string, { readonly code: ErrorCode; readonly state?: 'gone'; readonly hint?: string }>> = {
  'Request Moderated': { code: 'content-blocked', hint: 'Reword the prompt, or use other pictures.' },
  'Content Moderated': { code: 'content-blocked', hint: 'The picture was held back: reword the prompt.' },
  Error: { code: 'server' },
  Failed: { code: 'server' },
  'Task not found': { code: 'not-found', state: 'gone' },
};

function pictureOf({ status }: Envelope, result: z.infer<typeof answer>['result']): Output {
  if (!result?.sample) throw nothingMade({ status });
  const { sample: url, seed, prompt } = result;
  return { url, ...present({ seed: seed ?? undefined, revisedPrompt: prompt || undefined }) };
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
