// The variables of the server whose place is taken, in ours.

import { homedir } from 'node:os';
import { join } from 'node:path';
import { isUnfilled, unfilledNote } from '@anyimage/core';
import type { Environment } from '@anyimage/host';

/** The services that it knew, by our names. */
export type SeedProvider = 'google' | 'cogview' | 'bailian';

const providers: Readonly<Record<string, SeedProvider>> = {
  google: 'google',
  gemini: 'google',
  zhipuai: 'cogview',
  zhipu: 'cogview',
  cogview: 'cogview',
  'cogview-4': 'cogview',
  bailian: 'bailian',
  dashscope: 'bailian',
  alibaba: 'bailian',
};

/** The service that `IMAGE_PROVIDER` names, in capitals or not; `undefined` if it names none. */
export function seedProvider({ IMAGE_PROVIDER: name = '' }: Environment): SeedProvider | undefined {
  const word = name.trim().toLowerCase();
  return Object.hasOwn(providers, word) ? providers[word] : undefined;
}

/** The environment as our settings read it. `OUTPUT_IMAGE_PATH` says where pictures go; else it is `gen_image` in the home folder. */
export function seedEnvironment(env: Environment): Environment {
  const said = [env.OUTPUT_IMAGE_PATH, env.ANYIMAGE_OUTPUT].find(
    (path = '') => path.trim() !== '' && !isUnfilled(path),
  );
  return { ...env, ANYIMAGE_OUTPUT: said?.trim() ?? join(homedir(), 'gen_image') };
}

/** What is told once of the variables. */
export function seedNotes({ OUTPUT_IMAGE_PATH: output = '', ANYIMAGE_OUTPUT: own = '' }: Environment): string[] {
  return [
    ...(isUnfilled(output) ? [unfilledNote('OUTPUT_IMAGE_PATH', output)] : []),
    ...(isUnfilled(own) ? [unfilledNote('ANYIMAGE_OUTPUT', own)] : []),
  ];
}
