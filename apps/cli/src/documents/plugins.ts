// What --json prints of plugins.

import { errorSchema } from '@anyimage/host';
import * as z from 'zod';

const id = z.string().describe('The id of the provider.');
const facts = {
  id,
  label: z.string(),
  package: z.string(),
  version: z.string(),
  from: z.string().describe('A package, or the absolute path of a folder or a tarball.'),
  models: z.array(z.string()),
  hosts: z.array(z.string()).describe('What gets pictures and keys.'),
  keys: z.array(z.string()).describe('The variables of its keys.'),
};

const entrySchema = z.strictObject({
  ...facts,
  integrity: z.string().optional(),
  addedAt: z.string().describe('ISO 8601.'),
  emulator: z.string().optional(),
  works: z.boolean(),
  error: errorSchema.optional(),
});

const foundSchema = z.strictObject({
  ...facts,
  url: z.string().optional().describe('Where npm got it.'),
  integrity: z.string().describe('sha512-… of the tarball; of a folder, of the names and contents of its files.'),
  licence: z.string().optional(),
  node: z.string().optional().describe('The range of versions of Node that it is for.'),
  dependencies: z.array(z.string()).describe('The packages that come with it.'),
  withScripts: z.array(z.string()).describe('The packages whose scripts are not run.'),
});

/** By command. */
export const pluginDocuments = {
  'plugins list': z.strictObject({
    plugins: z.array(entrySchema),
    notes: z.array(z.string()).describe('Why others cannot be used.'),
  }),
  'plugins add': z.strictObject({ added: z.boolean(), plugin: foundSchema }),
  'plugins update': z.strictObject({
    plugins: z.array(
      z.strictObject({
        id,
        package: z.string(),
        before: z.string().describe('The version before.'),
        version: z.string().optional().describe('Absent: it could not be fetched, or was refused.'),
        updated: z.boolean(),
        error: errorSchema.optional(),
      }),
    ),
  }),
  'plugins remove': z.strictObject({
    removed: id,
    package: z.string(),
    keysThatStay: z.array(z.string()).describe('The variables of its keys that are stored.'),
  }),
};
