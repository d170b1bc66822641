// The JSON Schema of what --json prints, by command. A command with --json has its document here.

import { didYouMean, ImageError, nearest } from '@anyimage/core';
import * as z from 'zod';
import { batchDocuments } from './batch.ts';
import { failureSchema } from './failure.ts';
import { jobDocuments } from './jobs.ts';
import { pictureDocuments } from './pictures.ts';
import { pluginDocuments } from './plugins.ts';
import { serviceDocuments } from './services.ts';
import { settingDocuments } from './settings.ts';

/** What each command prints where it does not fail. */
const documents: Readonly<Record<string, z.ZodType>> = {
  ...pictureDocuments,
  ...batchDocuments,
  ...jobDocuments,
  ...serviceDocuments,
  ...settingDocuments,
  ...pluginDocuments,
};

type Schema = { readonly [word: string]: unknown };

/** The schema of all commands. `$defs` has what each prints by its name, such as `models-add`. */
export function documentsJSONSchema(): Schema {
  const { $schema, ...rest } = z.toJSONSchema(z.union(Object.keys(documents).map(printed)));
  return { $schema, title: 'What anyimage prints with --json', ...rest };
}

/**
 * The schema of one command: `models add`, or `jobs` for `jobs list`. Where it is in no list and `takesJSON`, it is one of the operations that
 * models have, which print what `edit` prints. Throws `not-found` for one that has no `--json`.
 */
export function documentJSONSchema(command: string, takesJSON: boolean): Schema {
  const names = Object.keys(documents);
  // What a group does without a further word comes first in it.
  const inGroup = names.find((one) => one.startsWith(`${command} `));
  const name = names.find((one) => one === command) ?? inGroup ?? (takesJSON ? 'edit' : undefined);
  if (name !== undefined) return z.toJSONSchema(printed(name));
  throw new ImageError('not-found', `there is no document of the command ${JSON.stringify(command)}`, {
    details: { asked: command },
    hint: didYouMean(nearest(command, names, 1), 'anyimage help json shows those of all.'),
  });
}

/** The name of a command in `$defs`. */
export function defName(command: string): string {
  return command.replaceAll(' ', '-');
}

/** What a command prints, whether it fails or not. */
function printed(command: string): z.ZodType {
  const id = defName(command);
  return made.get(id) ?? make(id, command);
}

const made = new Map<string, z.ZodType>();

function make(id: string, command: string): z.ZodType {
  const schema = z.union([documents[command]!, failureSchema]);
  const named = schema.meta({ id, description: `anyimage ${command} --json` });
  made.set(id, named);
  return named;
}
