// The answers of every endpoint: pictures, a task, or the text of a text model.

import {
  type Envelope,
  fromChat,
  holdsPicture,
  ImageError,
  type ImageErrorFacts,
  nothingMade,
  type Output,
  otherForm,
  type ProviderResult,
  picturesInEntry,
  present,
  readComplaint,
} from '@anyimage/core';
import * as z from 'zod';
import { urlLives } from '../capabilities.ts';
import { moderationOf, reword, serviceError, tellsError } from './errors.ts';

const oneDay = 86_400_000;
const lives = urlLives * 1000;

// Strict only where the picture depends on it: what is said beside it, in whatever form, must not lose it.
const words = z.string().nullish().catch(undefined);
const text = z.union([z.string(), z.int()]).transform(String).nullish().catch(undefined);
const errorBody = z
  .union([z.string().transform((message) => ({ code: undefined, message })), z.object({ code: text, message: words })])
  .nullish()
  .catch(undefined);
const level = z.union([z.number(), z.string().regex(/^\d$/).transform(Number)]);
const filters = z
  .array(z.object({ role: words, level: level.nullish().catch(undefined) }))
  .nullish()
  .catch(undefined);
const answer = z.object({
  created: z.union([z.string(), z.number()]).nullish().catch(undefined),
  id: text,
  request_id: text,
  task_status: words,
  data: z.array(z.unknown()).nullish(),
  image_result: z.array(z.unknown()).nullish(),
  error: errorBody,
  content_filter: filters,
  contentFilter: filters,
});

/** A body of any of the endpoints. */
export type ServiceAnswer = z.infer<typeof answer>;

/**
 * Reads a body of any of the endpoints. Throws what the body or the status says is wrong, also for an error told with status 200,
 * unless there is a picture all the same.
 */
export function readAnswer(envelope: Envelope, body: unknown): ServiceAnswer {
  const parsed = answer.safeParse(body);
  if (envelope.status >= 400) {
    const said = answer.omit({ data: true, image_result: true }).safeParse(body).data;
    // What stands in between, such as a relay, complains in its own form.
    const { codes, message } = readComplaint(body);
    throw serviceError(envelope, said?.error ? said : { ...said, error: { code: codes[0], message } });
  }
  if (!parsed.success) throw otherForm(envelope, z.prettifyError(parsed.error));
  const read = parsed.data;
  if (tellsError(read) && !itemsOf(read).some(holdsPicture)) throw serviceError(envelope, read);
  return read;
}

/** A body in its documented form, whatever it says; undefined for one in another form. */
export function parseAnswer(body: unknown): ServiceAnswer | undefined {
  return answer.safeParse(body).data;
}

/** `data` is the synchronous endpoint's list, `image_result` the asynchronous one's. */
function itemsOf({ data, image_result }: ServiceAnswer) {
  return [...(data ?? []), ...(image_result ?? [])];
}

/** The pictures of a success. Throws `content-blocked` if its list is empty for what the filter found, `bad-response` if there is none. */
export function fromWire(body: ServiceAnswer, now: number): ProviderResult {
  const expiresAt = (createdAt(body, now) ?? now) + lives;
  const outputs = itemsOf(body)
    .flatMap(picturesInEntry)
    .map((picture): Output => ('url' in picture ? { ...picture, expiresAt } : picture));
  const requestId = body.request_id || body.id || undefined;
  const found = moderationOf(body);
  const contentFilter = found && { contentFilter: found };
  if (outputs.length === 0) {
    const isWithheld = body.data?.length === 0 && found?.some(({ level }) => Number(level ?? slight) < slight);
    const facts = present({ requestId, details: contentFilter });
    throw isWithheld ? withheld(facts) : nothingMade(facts);
  }
  return { outputs, ...present({ requestId, metadata: contentFilter }) };
}

/** The level at which the filter holds nothing back. */
const slight = 3;

function withheld(facts: ImageErrorFacts): ImageError {
  const message = 'the service returned no picture, and its content filter found something';
  return new ImageError('content-blocked', message, { ...facts, mayHaveBeenBilled: true, hint: reword });
}

/** When the pictures were made, Unix time in ms; undefined for a time of which none would be left, or that is still to come. */
function createdAt({ created }: ServiceAnswer, now: number): number | undefined {
  const time = Number(created) * 1000;
  return time > now - lives && time < now + oneDay ? time : undefined;
}

/** The text of a chat answer. Throws what is wrong with it. */
export function readText(envelope: Envelope, body: unknown) {
  readAnswer(envelope, body);
  return fromChat(body);
}
