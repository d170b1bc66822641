// What --json prints of how anyimage is set up.

import { jsonSchema } from '@anyimage/host';
import * as z from 'zod';

const variable = z.string().describe('The variable that the key stands in for.');
const path = z.string().describe('Absolute.');
const count = z.int().min(0);
const changedSchema = z.strictObject({
  key: z.string(),
  value: jsonSchema.describe('null: it is not set any more.'),
  path: z.string().describe('The config, absolute.'),
});

/** By command. */
export const settingDocuments = {
  init: z.strictObject({
    provider: z.string(),
    key: z
      .strictObject({
        name: variable,
        from: z.enum(['environment', 'keychain', 'file']),
        works: z.boolean().nullable().describe('Whether the service takes it; null: it was not tried.'),
      })
      .optional()
      .describe('Absent: it needs none.'),
    used: z.boolean().describe('Whether it draws from now on when -m is not given.'),
  }),
  use: z.strictObject({
    model: z
      .union([z.string(), z.array(z.string())])
      .describe('What draws when -m is not given; of a list, the first that can.'),
    from: z.string().describe('Where that is set.'),
  }),
  'keys list': z.strictObject({
    keys: z.array(
      z.strictObject({
        name: variable,
        provider: z.string(),
        region: z.string().optional().describe('Absent: it fits any.'),
        set: z.boolean(),
        from: z.enum(['environment', 'keychain', 'file']).optional(),
        unused: z.literal(true).optional().describe('Another key of the provider in the environment is used.'),
      }),
    ),
  }),
  'keys set': z.strictObject({ name: variable, provider: z.string(), from: z.enum(['keychain', 'file']) }),
  'keys remove': z.strictObject({ removed: z.array(variable) }),
  'config get': z.record(z.string(), jsonSchema).describe('Value by key, such as budget.perDay.amount.'),
  'config set': changedSchema,
  'config unset': changedSchema,
  'config path': z.strictObject({ path: z.string().describe('Absolute.'), exists: z.boolean() }),
  'config explain': z.strictObject({
    settings: z.array(
      z.strictObject({
        key: z.string(),
        value: jsonSchema,
        from: z.string().describe('A file, a variable, or default.'),
        over: z
          .array(z.strictObject({ value: jsonSchema, from: z.string() }))
          .describe('What it wins over, strongest first.'),
        about: z.string().optional().describe('What a key that is not set is for.'),
      }),
    ),
    files: z.strictObject({
      user: path,
      project: z
        .strictObject({ path, trust: z.string(), refused: z.array(z.string()).describe('Keys that need trust.') })
        .optional(),
    }),
  }),
  trust: z.strictObject({
    path: z.string().describe("The project's config, absolute."),
    trusted: z.boolean(),
    changes: z.array(z.strictObject({ key: z.string(), now: jsonSchema, wanted: jsonSchema })),
    sentKeys: z
      .array(z.strictObject({ provider: z.string(), variables: z.array(variable), to: z.string() }))
      .describe('Keys that would go to another place than now.'),
  }),
  doctor: z.strictObject({
    checks: z.array(
      z.strictObject({
        name: z.string(),
        state: z.enum(['ok', 'note', 'warning', 'error']),
        message: z.string(),
        hint: z.string().optional().describe('What to do, one sentence.'),
      }),
    ),
    errors: count,
    warnings: count,
  }),
  version: z.strictObject({ version: z.string(), node: z.string().describe('The version of Node that it runs on.') }),
};
