// A success that its provider cannot read: its pictures are looked for all the same, and what nobody can read is kept.

import { defineErrorMap } from '../access/error-map.ts';
import { perhapsMade } from '../access/lost-picture.ts';
import { isOfLength } from '../access/ticket-errors.ts';
import { failureIn, wordsIn } from '../answers/complaint.ts';
import { picturesIn } from '../answers/pictures-in.ts';
import type { Json } from '../contract/capabilities.ts';
import type { Engine } from '../contract/engine.ts';
import { type ErrorCode, ImageError } from '../contract/errors.ts';
import type { ImageProvider, Output, ProviderResult } from '../contract/provider.ts';
import type { Ticket } from '../contract/tickets.ts';
import { quoted } from '../foreign/foreign.ts';
import { type Hidden, redact } from '../foreign/redact.ts';
import type { HeldAnswer } from '../http/answer.ts';

/** Longest answer that is kept, characters: as much as is read of one. */
const longestKept = 256 * 2 ** 20;

type Reader = Pick<ImageProvider, 'readAnswer' | 'label'>;

/**
 * The pictures that a success holds. If there are none, throws what the answer complains of where its provider did not see that, else
 * `error`, which is what the provider made of it.
 */
export async function salvage(answer: HeldAnswer, provider: Reader, error: unknown): Promise<ProviderResult> {
  const body = await answer.read();
  const outputs = outputsIn(body, provider);
  if (outputs.length === 0)
    throw failureOf(body, answer, provider, error) ?? answeredInWords(body, answer, error) ?? error;
  const message = 'the service answered in a form that is not known; the picture was found in it all the same';
  return { outputs, warnings: [{ code: 'provider', message }] };
}

/** A failure that is told with a good status. Whatever was made for it, nobody knows. */
function failureOf(body: unknown, { envelope }: HeldAnswer, { label }: Reader, error: unknown): ImageError | undefined {
  if (!ImageError.isInstance(error) || error.serviceCode !== undefined || !unseen.has(error.code)) return undefined;
  const said = failureIn(body);
  if (!said) return undefined;
  const { codes, message, field } = said;
  return defineErrorMap({ service: label, codes: {} })(envelope, { codes, message, details: { field } });
}

/** Words of a model in which it refuses, for a rule. */
const denying = /\b(cannot|can['’]?t|unable|won['’]t|not able|sorry|declin\w+)\b|无法|不能|抱歉/i;
const ruling =
  /\bviolat|\bpolic(y|ies)\b|\bguidelines?\b|\bagainst (my|our|the)\b|\bnot (allowed|permitted|appropriate)\b|\binappropriate\b|违反|违规|政策|规定|不允许|敏感/i;

/** A model that wrote in place of drawing: `content-blocked` if it refuses, else `bad-response`. It may have been billed for. */
function answeredInWords(body: unknown, { envelope }: HeldAnswer, error: unknown): ImageError | undefined {
  if (!ImageError.isInstance(error) || error.serviceCode !== undefined || error.code !== 'bad-response')
    return undefined;
  const words = wordsIn(body);
  if (words === undefined) return undefined;
  const refuses = denying.test(words) && ruling.test(words);
  const message = `the model ${refuses ? 'refused' : 'answered'} in words: ${quoted(words)}`;
  const { status } = envelope;
  return refuses
    ? new ImageError('content-blocked', message, { status, mayHaveBeenBilled: true, hint: 'Reword the prompt.' })
    : new ImageError('bad-response', message, { status, ...perhapsMade });
}

/** What a provider says of a success in which it sees nothing. */
const unseen: ReadonlySet<ErrorCode> = new Set(['bad-response', 'server']);

/** Keeps an answer and has the ticket say where; `undefined` if it cannot be kept. `key` never gets there. */
export async function keepAnswer(
  { store }: Pick<Engine, 'store'>,
  answer: HeldAnswer,
  ticket: Ticket,
  key: Hidden,
): Promise<Ticket | undefined> {
  try {
    const body = await answer.read();
    if (lengthOf(body) > longestKept) return undefined;
    const text = redact(textOf(body), key);
    const ref = await store.keepAnswer?.(Buffer.from(text));
    return ref === undefined ? undefined : { ...ticket, state: 'delivered', answer: ref };
  } catch {
    return undefined; // the caller tells what became of the picture
  }
}

/** The pictures of an answer that was kept. Throws `not-found` if it is gone, `bad-response` if it still cannot be read. */
export async function readKept(
  { store }: Pick<Engine, 'store'>,
  ref: string,
  provider: Reader,
): Promise<readonly Output[]> {
  const stored = await store.find?.(ref);
  if (!stored) {
    throw new ImageError('not-found', `what the service answered is not at ${ref} any more`, {
      mayHaveBeenBilled: true,
      hint: 'Look whether it was moved; drop the ticket if it is gone for good.',
    });
  }
  const body: unknown = JSON.parse(new TextDecoder().decode(await stored.bytes()));
  const outputs = outputsIn(body, provider);
  if (outputs.length > 0) return outputs;
  throw new ImageError('bad-response', 'no picture can be found in what the service answered', {
    mayHaveBeenBilled: true,
    hint: `Look at ${ref}, report its form, and resume the ticket with a later version. Do not ask again: it may have been billed.`,
  });
}

/** What a caller should know of an answer that is kept. */
export function unread(error: ImageError, { id }: Pick<Ticket, 'id'>): ImageError {
  if (isOfLength(error)) {
    const hint = `${error.hint} What the service answered is kept: resume ticket ${id} to take the picture from it without paying again.`;
    return error.with({ mayHaveBeenBilled: true, retryable: false, hint });
  }
  if (error.code === 'aborted' || error.code === 'timeout') {
    const hint = `What came of the answer until then is kept: resume ticket ${id} to take from it what is whole. Do not ask again before: it may have been billed.`;
    return error.with({ mayHaveBeenBilled: true, retryable: false, hint });
  }
  const next = `What the service answered is kept: report its form, and resume ticket ${id} with a later version of anyimage. Do not ask again before: it may have been billed.`;
  return error.with({ mayHaveBeenBilled: true, retryable: false, hint: next });
}

function outputsIn(body: unknown, provider: Reader): readonly Output[] {
  const known = picturesIn(body);
  return known.length > 0 ? known : (provider.readAnswer?.(body as Json) ?? []);
}

/** About how long the text of an answer is, without making it, characters. */
function lengthOf(body: unknown): number {
  if (typeof body === 'string') return body.length;
  if (body instanceof Uint8Array) return (body.length * 4) / 3;
  if (typeof body !== 'object' || body === null) return 4;
  return Object.entries(body).reduce((sum, [name, value]) => sum + name.length + lengthOf(value) + 4, 2);
}

/** JSON, with bytes as base64. */
function textOf(body: unknown): string {
  return JSON.stringify(body, function (this: Readonly<Record<string, unknown>>, name, value) {
    const original = this[name]; // a Buffer has a JSON form of its own
    return original instanceof Uint8Array ? Buffer.from(original).toString('base64') : value;
  });
}
