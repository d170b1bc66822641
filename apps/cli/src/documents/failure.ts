// What --json prints where a command failed.

import { errorSchema, resultSchema } from '@anyimage/host';

/** The document of a result, with the error: the same for every command. */
export const failureSchema = resultSchema
  .extend({ error: errorSchema })
  .meta({ id: 'failure', description: 'A command that failed: its error, in the form of a result.' });
