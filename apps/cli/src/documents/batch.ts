// What --json prints of a batch.

import { appliedSchema, costSchema, errorSchema, moneySchema } from '@anyimage/host';
import * as z from 'zod';
import { failureSchema } from './failure.ts';

const count = z.int().min(0);
const countBy = z.record(z.string(), count);
const counts = {
  done: count.describe('Rows whose pictures are here.'),
  refused: count.describe('Rows that the service will not make.'),
  uncertain: count.describe('Rows that may have been made and billed: --retry-uncertain asks anew.'),
  waiting: count.describe('Rows that are paid for, and whose pictures are to be fetched.'),
  failed: count.describe('Rows that cost nothing, and may go well another time.'),
};

const rowSchema = z.strictObject({
  n: z.int().min(1).describe('Its number among all that are to be made.'),
  line: z.int().min(1).describe('Its line in the file.'),
  prompt: z.string(),
  model: z.string().optional().describe('PROVIDER/MODEL'),
  state: z.enum(Object.keys(counts)),
  pictures: z.array(
    z.strictObject({
      path: z.string().describe('The file, absolute.'),
      width: z.int().describe('px'),
      height: z.int().describe('px'),
      mediaType: z.string(),
      bytes: z.int().describe('The size of the file, bytes.'),
      seed: z.number().optional(),
    }),
  ),
  cost: costSchema.optional(),
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
  applied: z
    .array(appliedSchema)
    .optional()
    .describe('What was sent otherwise than asked: another model of the list, too.'),
  notes: z.array(z.string()).optional().describe('What else is to be known of it, such as a style that became words.'),
  tickets: z.array(z.string()).optional().describe('Of what is paid for and not here, or may have been billed.'),
  at: z.string().describe('When it was over, ISO 8601.'),
});

const madeSchema = z.strictObject({
  rows: z.array(rowSchema).describe('The rows of this run, in the order in which they came to an end.'),
  batch: z.strictObject({
    folder: z.string().describe('Absolute.'),
    total: count.describe('Rows in all.'),
    ...counts,
    report: z.string().optional().describe('The page with all pictures, absolute.'),
  }),
  cost: z.array(moneySchema).describe('What this run cost, one entry for each currency.'),
  unpriced: count.describe('Rows of which nobody said what they cost.'),
  timings: z.strictObject({ totalMs: z.number().describe('ms') }),
  error: errorSchema.optional().describe('What ended the run before its time.'),
});

const planSchema = z.strictObject({
  folder: z.string().describe('Absolute.'),
  total: count.describe('Rows in all.'),
  toMake: count.describe('Rows that would be made.'),
  pictures: count.describe('Pictures that would be made.'),
  known: countBy.describe('How many rows are in each state already.'),
  gone: count.describe('Rows that were made before and are in the file no more.'),
  cost: z.array(moneySchema).describe('What it would cost by the tables.'),
  unpriced: count.describe('Rows whose price no table knows.'),
  models: countBy.describe('Rows by model.'),
  told: z
    .array(z.strictObject({ text: z.string(), rows: count }))
    .describe('Remarks, with how many rows they hold for.'),
  unusedColumns: z.array(z.string()),
});

/** By command. */
export const batchDocuments = {
  batch: z.union([
    madeSchema,
    z.strictObject({ plan: planSchema }).describe('With --dry-run.'),
    failureSchema.extend({ plan: planSchema }).describe('With --dry-run, where rows are refused.'),
  ]),
};
