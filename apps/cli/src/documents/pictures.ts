// What --json prints of pictures: those that are made, and those that were.

import { appliedSchema, costSchema, jsonSchema, moneySchema, resultSchema, warningSchema } from '@anyimage/host';
import * as z from 'zod';

const model = z.string().describe('PROVIDER/MODEL');
const latency = z.tuple([z.number(), z.number()]).describe('The usual time of one call, from and to, ms.');

const planSchema = z
  .strictObject({
    model,
    operation: z.string().describe('generate, edit, inpaint …'),
    region: z.string(),
    host: z.string().describe('Where it would be sent.'),
    mode: z.enum(['job', 'call']),
    calls: z.array(z.record(z.string(), jsonSchema)).describe('The calls that would be made, one entry each.'),
    applied: z.array(appliedSchema),
    warnings: z.array(warningSchema),
    estimate: moneySchema.nullable().describe('What it would cost; null: unknown.'),
    latencyMs: latency.optional(),
    others: z
      .array(z.strictObject({ model, estimate: moneySchema.nullable(), latencyMs: latency.optional() }))
      .optional()
      .describe('Of auto: what would be tried next, best first.'),
  })
  .meta({ id: 'plan', description: 'What --dry-run says would be sent.' });

const copiesSchema = z.array(
  z.strictObject({
    picture: z.string().describe('The picture, absolute.'),
    path: z.string().nullable().describe('The copy, absolute; null: there is none.'),
    problem: z.string().optional().describe('Why there is none.'),
  }),
);

const madeSchema = resultSchema.extend({
  plan: planSchema.optional().describe('With --dry-run alone.'),
  embedded: copiesSchema.optional().describe('With --embed: the copies that tell themselves how they were made.'),
});

const comparedSchema = z.strictObject({
  models: z.array(madeSchema.extend({ model })).describe('What each model made, refused, or would be sent.'),
  sheet: z.string().optional().describe('The picture that shows all of them, absolute.'),
});

const pictureId = z.string().describe('The id, of its bytes: p-3f9a1c02b7de.');

const historySchema = z.strictObject({
  pictures: z.array(
    z.strictObject({
      id: z.int().describe('Grows with the time of making; for --before.'),
      picture: pictureId.optional(),
      path: z.string().describe('Where the file was put, absolute.'),
      movedTo: z.string().optional().describe('Where it is, if somebody moved it, absolute.'),
      model,
      prompt: z.string(),
      seed: z.number().nullable(),
      width: z.int().describe('px; 0: unknown'),
      height: z.int().describe('px; 0: unknown'),
      mediaType: z.string(),
      bytes: z.int().describe('The size of the file, bytes.'),
      sha256: z.string().describe('Hexadecimal.'),
      cost: costSchema,
      exists: z.boolean().describe('Whether the file is where it was put.'),
      createdAt: z.string().describe('ISO 8601.'),
    }),
  ),
  next: z.int().nullable().describe('The id for --before that shows the page after this one; null: there is none.'),
});

/** A sidecar may be of another version: what that says besides is shown as it is. */
const infoSchema = z.looseObject({
  path: z.string().describe('The picture, absolute.'),
  foundAt: z.string().optional().describe('Where the sidecar is, if not beside the picture.'),
  gone: z.literal(true).optional().describe('Only the sidecar is left.'),
  changed: z.literal(true).optional().describe('The bytes beside the sidecar are not those that were made.'),
  anyimage: z.int().describe('The version of the form of the sidecar.'),
  prompt: z.strictObject({ original: z.string(), sent: z.string() }),
  model,
  id: z.string().optional(),
  seed: z.number().optional(),
  request: z.record(z.string(), jsonSchema).optional().describe('What was asked: the words of the request.'),
  cost: costSchema.optional(),
  timings: z.looseObject({ totalMs: z.number().describe('ms') }).optional(),
  createdAt: z.string().optional().describe('ISO 8601.'),
  width: z.int().optional().describe('px'),
  height: z.int().optional().describe('px'),
  mediaType: z.string().optional(),
  bytes: z.int().optional().describe('The size of the file, bytes.'),
  sha256: z.string().optional().describe('Hexadecimal.'),
  c2pa: z
    .strictObject({
      present: z.boolean().describe('A C2PA manifest is in the file.'),
      generator: z.string().optional().describe('What says there that it made the picture.'),
      verified: z.literal(false).describe('Neither its signature nor its claims were checked.'),
    })
    .optional()
    .describe('Not there for what is gone, or no picture in pixels.'),
  embedded: z.string().optional().describe('With --embed: the copy, absolute.'),
  inFile: z
    .strictObject({
      software: z.string().describe('What wrote it.'),
      verified: z.literal(false).describe('Anybody can write it.'),
    })
    .optional()
    .describe('All of it stands in the file itself, and nowhere else.'),
});

const sideSchema = z.strictObject({
  path: z.string().describe('The file, absolute.'),
  known: z.boolean().describe('Whether it is known how it was made.'),
  picture: pictureId.optional(),
});

const diffSchema = z.strictObject({
  a: sideSchema,
  b: sideSchema,
  words: z
    .array(z.strictObject({ word: z.string(), a: jsonSchema, b: jsonSchema }))
    .nullable()
    .describe('What differs, and its value in each, null where there is none; null: it is not known of both.'),
  pixels: z.union([
    z.strictObject({
      width: z.int().describe('px'),
      height: z.int().describe('px'),
      changed: z.number().describe('The share of pixels that look otherwise, 0 to 1.'),
    }),
    z.strictObject({ problem: z.string().describe('Why they cannot be compared.') }),
  ]),
  sheet: z.string().nullable().describe('The picture with both, absolute; null: none was asked for.'),
});

const sumSchema = z.strictObject({
  pictures: z.int(),
  unknown: z.int().describe('Pictures whose price nobody knows: they are not in cost.'),
  cost: z.array(moneySchema).describe('A sum for each currency.'),
});

const statsSchema = sumSchema.extend({
  months: z.array(sumSchema.extend({ month: z.string().describe('2026-11; empty: not known.'), model })),
});

const removedSchema = z.strictObject({
  removed: z.array(
    z.strictObject({
      path: z.string().describe('The picture, absolute.'),
      files: z.array(z.string()).describe('All files that are gone, absolute.'),
    }),
  ),
  errors: z.array(z.strictObject({ code: z.string(), message: z.string(), hint: z.string().optional() })),
});

/** By command. */
const openSchema = z.strictObject({
  opened: z.array(z.string()).describe('The pictures that a viewer was started for, absolute.'),
});

export const pictureDocuments = {
  make: madeSchema,
  edit: madeSchema,
  again: madeSchema,
  compare: comparedSchema,
  history: historySchema,
  info: infoSchema,
  open: openSchema,
  diff: diffSchema,
  stats: statsSchema,
  rm: removedSchema,
};
