// What `--compat universal-image-generator` makes of the server: the tools, arguments, variables and answers of that server, with ours
// underneath. docs/migrating.md tells of the move.

import type { Environment } from '@anyimage/host';
import type { Offer } from '../tools/tool.ts';
import { seedEnvironment, seedNotes, seedProvider } from './environment.ts';
import { seedTools } from './seed-tools.ts';

/** What can be given after `--compat`. */
export const compatNames = ['universal-image-generator'] as const;

const instructions =
  'Makes and changes pictures with one image service. An answer names the file of the picture. If it says that the picture is still ' +
  'being made, or the call timed out, call the same tool with the same arguments: the picture is not billed again.';

/** What the server offers in the place of another. `undefined` for a name that is none of `compatNames`. */
export function compatOffer(name: string, env: Environment): Offer | undefined {
  if (!compatNames.some((known) => known === name)) return undefined;
  return {
    tools: seedTools(seedProvider(env), env),
    env: seedEnvironment(env),
    notes: seedNotes(env),
    instructions,
    toolsAlone: true,
  };
}
