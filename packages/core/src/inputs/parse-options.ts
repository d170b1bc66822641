// Checks the words of a request that hold for every model. The schema is the runtime form of `RequestOptions` and must accept the same.

import * as z from 'zod';
import type { Json } from '../contract/capabilities.ts';
import { ImageError } from '../contract/errors.ts';
import type { RequestOptions } from '../contract/request.ts';
import { nearest, nearestText } from '../negotiate/nearest.ts';

const text = z.string({ error: 'must be text' });
const filled = text.min(1, 'must not be empty');
const number = (error: string, least: number, most = Number.MAX_SAFE_INTEGER) =>
  z.number({ error }).min(least, error).max(most, error);
const whole = (error: string, least: number, most?: number) => number(error, least, most).int(error);
const side = number('must be a number from 0', 0).optional();
const schema = z.strictObject({
  operation: filled.optional(),
  prompt: text.optional(),
  negativePrompt: text.optional(),
  n: whole('must be a whole number from 1 to 100', 1, 100).default(1),
  size: text.regex(/^[1-9]\d{0,4}x[1-9]\d{0,4}$/, 'must be WIDTHxHEIGHT in px, such as 1024x768').optional(),
  aspectRatio: text.regex(/^\d+(\.\d+)?:\d+(\.\d+)?$/, 'must be WIDTH:HEIGHT, such as 16:9').optional(),
  resolution: filled.optional(),
  quality: filled.optional(),
  style: filled.optional(),
  background: filled.optional(),
  outputFormat: filled.optional(),
  outputCompression: number('must be a number from 0 to 100', 0, 100).optional(),
  seed: whole('must be a whole number from 0', 0).optional(),
  strength: number('must be a number from 0 to 1', 0, 1).optional(),
  factor: z.number({ error: 'must be a number above 0' }).positive('must be a number above 0').optional(),
  expand: z.strictObject({ top: side, right: side, bottom: side, left: side }).optional(),
  partials: whole('must be a whole number from 0', 0).optional(),
  user: filled.optional(),
  providerOptions: z.record(text, z.json()).optional(),
});

/**
 * Checks the words that hold for every model; what differs by model is negotiated.
 * Throws `invalid-request` naming the option, what was given and what is allowed.
 */
export function parseOptions(options: RequestOptions): RequestOptions & { prompt: string; n: number } {
  const parsed = schema.safeParse(options);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const option = issue.path.join('.') || (issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : 'request');
    const given = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)?.[key], options);
    const said = issue.code === 'unrecognized_keys' ? `is no word of a request${near(option)}` : issue.message;
    throw new ImageError('invalid-request', `${option} ${said}${show(given)}`, {
      details: { option, asked: json(given), problem: issue.message },
      hint: `Correct ${option} and ask again; nothing was sent.`,
    });
  }
  const request = parsed.data as RequestOptions & { n: number };
  if (request.size && (request.aspectRatio || request.resolution)) {
    const other = request.aspectRatio ? 'aspectRatio' : 'resolution';
    throw new ImageError(
      'invalid-request',
      `size (${request.size}) and ${other} (${request[other]}) exclude each other`,
      {
        details: { option: 'size', asked: request.size },
        hint: `Give size alone, or ${other} without size.`,
      },
    );
  }
  return { ...request, prompt: (request.prompt ?? '').trim() };
}

/** The nearest words there are. */
function near(option: string): string {
  return nearestText(nearest(option, [...Object.keys(schema.shape), 'images', 'mask', 'model', 'timeout']));
}

function show(value: unknown): string {
  return value === undefined || typeof value === 'object' ? '' : ` (got ${JSON.stringify(value)})`;
}

function json(value: unknown): Json {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
