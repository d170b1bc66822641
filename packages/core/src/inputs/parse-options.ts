// Checks the words of a request that hold for every model. The schema is the runtime form of `RequestOptions` and must accept the same.

import * as z from 'zod';
import type { Json } from '../contract/capabilities.ts';
import { ImageError } from '../contract/errors.ts';
import type { RequestOptions } from '../contract/request.ts';
import { quoted } from '../foreign/foreign.ts';
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
  size: text
    .regex(/^[1-9]\d{0,4}x[1-9]\d{0,4}$/, 'must be WIDTHxHEIGHT, each from 1 to 99999 px, such as 1024x768')
    .optional(),
  aspectRatio: text.regex(/^\d+(\.\d+)?:\d+(\.\d+)?$/, 'must be WIDTH:HEIGHT, such as 16:9').optional(),
  resolution: filled.optional(),
  quality: filled.optional(),
  style: filled.optional(),
  background: filled.optional(),
  outputFormat: filled.optional(),
  outputCompression: number('must be a number from 0 to 100', 0, 100).optional(),
  seed: whole(`must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`, 0).optional(),
  strength: number('must be a number from 0 to 1', 0, 1).optional(),
  factor: z.number({ error: 'must be a number above 0' }).positive('must be a number above 0').optional(),
  expand: z.strictObject({ top: side, right: side, bottom: side, left: side }).optional(),
  partials: whole('must be a whole number from 0', 0).optional(),
  user: filled.optional(),
  providerOptions: z.record(text, z.json()).optional(),
});

/**
 * Checks the words that hold for every model; what differs by model is negotiated. `others`: words that are not for this.
 * Throws `invalid-request` naming the option, what was given and what is allowed.
 */
export function parseOptions(
  options: RequestOptions,
  others: readonly string[] = [],
): RequestOptions & { prompt: string; n: number } {
  const words = Object.keys(options).filter((word) => !others.includes(word));
  const request = readEach(options, words) ?? readWhole(options, words);
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

/** The words that are given, each by itself: most requests have few of those there are. `undefined` if one is wrong. */
function readEach(options: RequestOptions, words: readonly string[]): (RequestOptions & { n: number }) | undefined {
  const read: { n: number; [word: string]: unknown } = { n: 1 };
  for (const word of words) {
    if (!Object.hasOwn(schema.shape, word)) return undefined;
    const { success, data } = schema.shape[word as keyof RequestOptions].safeParse(
      options[word as keyof RequestOptions],
    );
    if (!success) return undefined;
    if (data !== undefined) read[word] = data;
  }
  return read as RequestOptions & { n: number };
}

/** All together: of several words that are wrong, this decides which is told of. */
function readWhole(options: RequestOptions, words: readonly string[]): RequestOptions & { n: number } {
  const given = Object.fromEntries(words.map((word) => [word, options[word as keyof RequestOptions]]));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const option = issue.path.join('.') || (issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : 'request');
    const asked = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)?.[key], given);
    const said = issue.code === 'unrecognized_keys' ? `is no word of a request${near(option)}` : issue.message;
    throw new ImageError('invalid-request', `${option} ${said}${show(asked)}`, {
      details: { option, asked: json(asked), problem: issue.message },
      hint: `Correct ${option} and ask again; nothing was sent.`,
    });
  }
  return parsed.data as RequestOptions & { n: number };
}

/** The nearest words there are. */
function near(option: string): string {
  return nearestText(nearest(option, [...Object.keys(schema.shape), 'images', 'mask', 'model', 'timeout']));
}

/** Longest text that is repeated, characters. */
const mostRepeated = 80;

function show(value: unknown): string {
  if (value === undefined || typeof value === 'object') return '';
  return ` (got ${typeof value === 'string' && value.length > mostRepeated ? quoted(value, mostRepeated - 2) : JSON.stringify(value)})`;
}

function json(value: unknown): Json {
  if (typeof value === 'string' && value.length > mostRepeated) return quoted(value, mostRepeated - 2);
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
