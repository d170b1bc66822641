// The form of a result document, and of what stands in it, as schemas: types and the published JSON Schema are made of them.

import type { ErrorCode, Json, Ticket, Warning } from '@anyimage/core';
import * as z from 'zod';

/** An enumeration that holds every word of a type: one that is missing does not compile. */
const wordsOf = <Word extends string>(words: Readonly<Record<Word, true>>) =>
  z.enum(Object.keys(words) as [Word, ...Word[]]);

/** Any JSON value. */
export const jsonSchema = z.unknown() as z.ZodType<Json>;

const model = z.string().describe('PROVIDER/MODEL');
const timings = z
  .strictObject({ totalMs: z.number().min(0).describe('ms') })
  .describe('How long it took, waiting included.');

/** Money of one currency. */
export const moneySchema = z
  .strictObject({
    amount: z.number().describe('In units of the currency, not cents.'),
    currency: z.string().describe('ISO 4217, such as USD.'),
    estimated: z.boolean().describe('true: worked out from the prices of the table; false: the service said it.'),
  })
  .meta({ id: 'money', description: 'An amount of money.' });

/** What something cost, by currency. */
export const costSchema = z
  .array(moneySchema)
  .nullable()
  .describe('One entry for each currency; empty: nothing; null: unknown.');

/** `ImageError` as JSON. */
export const errorSchema = z
  .strictObject({
    code: wordsOf<ErrorCode>({
      auth: true,
      permission: true,
      quota: true,
      budget: true,
      'rate-limit': true,
      'invalid-request': true,
      unsupported: true,
      'content-blocked': true,
      'not-found': true,
      timeout: true,
      aborted: true,
      server: true,
      unavailable: true,
      network: true,
      'bad-response': true,
      storage: true,
      config: true,
    }).describe('The kind of failure.'),
    message: z.string().describe('What was wrong, for a person.'),
    hint: z.string().describe('What to do next, one sentence; may be empty.'),
    provider: z.string().optional().describe('The id of the provider.'),
    model: z.string().optional().describe('The model that was asked.'),
    status: z.int().optional().describe('The HTTP status.'),
    serviceCode: z.string().optional().describe("The service's own code."),
    requestId: z.string().optional().describe("The service's name for the request, for its support."),
    retryable: z.boolean().describe('Whether the same request may succeed later.'),
    retryAfter: z.number().optional().describe('How long to wait before it is tried again, ms.'),
    mayHaveBeenBilled: z.boolean().describe('Whether the service may have charged for it.'),
    tickets: z.array(z.string()).optional().describe('What was paid for and is still to come: anyimage jobs resume.'),
    details: jsonSchema.optional().describe('More for programs, such as option, asked, allowed, nearest.'),
    count: z.int().min(2).optional().describe('How often it happened, if more than once.'),
  })
  .meta({ id: 'error', description: 'A failure.' });

/** A word that went out otherwise than it was asked. */
export const appliedSchema = z
  .strictObject({
    option: z.string().describe('A word of the request: size, quality, model …'),
    asked: jsonSchema,
    sent: jsonSchema.describe('null: left out.'),
    because: z.string(),
  })
  .meta({ id: 'applied', description: 'What was sent otherwise than asked, and why.' });

/** What a caller should know though nothing failed. */
export const warningSchema = z
  .strictObject({
    code: wordsOf<Warning['code']>({
      key: true,
      unsure: true,
      unlisted: true,
      deprecated: true,
      preview: true,
      unchecked: true,
      'size-differs': true,
      'type-differs': true,
      ticket: true,
      store: true,
      budget: true,
      cost: true,
      prompt: true,
      provider: true,
    }),
    message: z.string(),
  })
  .meta({ id: 'warning', description: 'What one should know, though nothing failed.' });

/** What is shown of a ticket. */
export const ticketSchema = z
  .strictObject({
    id: z.string().describe('Such as t-7f3a9c, for anyimage jobs.'),
    provider: z.string(),
    model: z.string().describe("The model's id in the table, without its provider."),
    state: wordsOf<Ticket['state']>({ intended: true, submitted: true, delivered: true, done: true }).describe(
      'submitted: the service works on it; delivered: made, and not fetched.',
    ),
    uncertain: z.literal(true).optional().describe('Nobody can say whether it was made and billed.'),
    createdAt: z.string().describe('ISO 8601.'),
    expiresAt: z.string().optional().describe('Until when it can be fetched, ISO 8601.'),
    prompt: z.string(),
    cost: moneySchema.optional(),
  })
  .meta({ id: 'ticket', description: 'Pictures that were paid for and are not here yet.' });

const imageSchema = z
  .strictObject({
    path: z.string().optional().describe('The file, absolute; absent: it was written to a pipe.'),
    width: z.int().min(0).describe('px'),
    height: z.int().min(0).describe('px'),
    mediaType: z.string().describe('Such as image/png.'),
    bytes: z.int().min(0).describe('The size of the file, bytes.'),
    model,
    seed: z.number().optional(),
    revisedPrompt: z.string().optional().describe('The prompt as the service rewrote it.'),
    sourceUrl: z.string().optional(),
    expiresAt: z.string().optional().describe('When sourceUrl stops working, ISO 8601.'),
  })
  .meta({ id: 'image', description: 'A finished picture.' });

const attemptSchema = z
  .strictObject({ model, ms: z.number().min(0).describe('ms'), error: errorSchema.optional() })
  .meta({ id: 'attempt', description: 'One model that was asked.' });

/** The result of a request. The members are the same whatever happened. */
export const resultSchema = z
  .strictObject({
    images: z.array(imageSchema),
    errors: z.array(errorSchema).describe('Why pictures are missing; each once.'),
    error: errorSchema.optional().describe('Present where pictures were asked for and none was made.'),
    pending: z.array(ticketSchema).describe('What is paid for and not here yet.'),
    applied: z.array(appliedSchema),
    warnings: z.array(warningSchema),
    prompt: z.strictObject({ original: z.string(), sent: z.string() }),
    cost: costSchema,
    attempts: z.array(attemptSchema).describe('The models that were asked, in their order.'),
    timings,
  })
  .meta({ id: 'result', description: 'What came of a request.' });
