// What --json prints of models, providers and styles.

import { errorSchema, jsonSchema } from '@anyimage/host';
import * as z from 'zod';

const model = z.string().describe('PROVIDER/MODEL');
const capabilities = z
  .record(z.string(), jsonSchema)
  .describe('The row of the table; docs/table-words.md tells its words.');

const modelSchema = z.strictObject({
  model,
  label: z.string(),
  provider: z.strictObject({ id: z.string(), label: z.string() }),
  status: z.string().describe('stable, preview, deprecated, retired …'),
  origin: z.string().describe('Whose word the row is: written, catalogue, updated, own, listed.'),
  checked: z.string().describe('The day on which it was true: YYYY-MM-DD.'),
  listedAt: z.string().optional().describe('When the service listed it, ISO 8601.'),
  default: z.boolean().describe("Whether the provider's name alone stands for it."),
  key: z.strictObject({ needed: z.boolean(), set: z.boolean(), variables: z.array(z.string()) }),
  region: z.string(),
  capabilities,
});

const ownSchema = z.strictObject({
  model,
  path: z.string().describe('The config that it is in, absolute.'),
  like: z.string().nullable().describe('The model whose row it takes over; null: none.'),
  yours: z.array(z.string()).describe('The words that are your own.'),
  capabilities,
});

const tableSchema = z.strictObject({
  provider: z.string(),
  package: z.string(),
  installed: z.string().describe('The version of the installed code.'),
  addedFrom: z.string().optional().describe('Where a plugin was added from: plugins update fetches its table.'),
  used: z.boolean().describe('Whether a newer table is used from now on.'),
  version: z.string().optional().describe('The version of the newer table.'),
  integrity: z.string().optional().describe('The hash of its package.'),
  before: z.string().optional().describe('The version of the table in use before.'),
  rows: z
    .array(
      z.strictObject({
        model: z.string().describe("The model's id, without its provider."),
        kind: z.enum(['new', 'changed', 'retired']),
        words: z.array(
          z.strictObject({ word: z.string(), before: jsonSchema.optional(), after: jsonSchema.optional() }),
        ),
      }),
    )
    .optional(),
  lowerPrices: z
    .array(
      z.strictObject({
        model: z.string(),
        operation: z.string().optional().describe('Absent: all of them.'),
        word: z.string(),
        before: jsonSchema.optional(),
        after: jsonSchema.optional(),
      }),
    )
    .optional()
    .describe('Prices that a budget would count less by: used with --accept-lower-prices alone.'),
  leftOut: z
    .array(z.strictObject({ model: z.string(), unknown: z.string() }))
    .optional()
    .describe('Rows that need newer code.'),
  otherContract: z
    .array(z.strictObject({ version: z.string(), contract: z.number() }))
    .optional()
    .describe('Newer packages that the installed code does not understand.'),
  error: errorSchema.optional(),
});

const undoneSchema = z.strictObject({
  provider: z.string(),
  package: z.string(),
  version: z.string().describe('The version of the table that was in use.'),
  back: z.string().describe('The version of the table that holds again.'),
});

const dryRun = z.boolean().describe('true: nothing was changed.');

const providerSchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  kind: z.string().optional().describe('Of a provider that the config adds.'),
  key: z.strictObject({
    needed: z.boolean(),
    variable: z.string().optional().describe('Absent: none is set.'),
    from: z.string().optional().describe('environment, keychain or file'),
  }),
  region: z.string().describe('Empty: the region or base URL of the config is wrong.'),
  regions: z.array(z.string()),
  baseURL: z.string(),
  models: z.int().describe('How many its table has; 0: any is passed on.'),
  defaultModel: model.optional(),
  emulator: z.string().optional().describe('What anyimage emulate imitates of it.'),
});

const styleFields = { name: z.string(), from: z.enum(['config', 'project', 'home', 'shipped']) };

/** By command. */
export const serviceDocuments = {
  models: z.strictObject({ models: z.array(modelSchema) }),
  'models add': ownSchema,
  'models edit': ownSchema,
  'models remove': z.strictObject({
    removed: model,
    path: z.string().describe('The config that it was in, absolute.'),
  }),
  'models update': z.union([
    z.strictObject({ dryRun, tables: z.array(tableSchema) }),
    z.strictObject({ dryRun, undone: z.array(undoneSchema) }).describe('With --undo.'),
  ]),
  providers: z.strictObject({ providers: z.array(providerSchema) }),
  styles: z.strictObject({
    styles: z.array(
      z.union([
        z.strictObject({
          ...styleFields,
          path: z.string().optional().describe('The file of a style of your own, absolute.'),
          about: z.string(),
          words: z.string().describe('What --style adds to the prompt.'),
          enhance: z.string().describe('What --enhance tells the language model.'),
        }),
        z
          .strictObject({ ...styleFields, path: z.string(), error: errorSchema })
          .describe('A file that holds no style.'),
      ]),
    ),
  }),
};
