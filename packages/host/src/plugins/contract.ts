// Whether a plugin and this anyimage understand each other.

import { contractVersion, ImageError, quotedWord } from '@anyimage/core';

/** Why a package of another contract cannot be used, and which side is to be updated. */
export function contractProblem(contract: number, name: string): ImageError | undefined {
  if (contract === contractVersion) return undefined;
  const message = `${quotedWord(name)} speaks version ${contract} of the contract with providers, and this anyimage version ${contractVersion}`;
  const hint = contract > contractVersion ? 'Update anyimage.' : 'Update the plugin: anyimage plugins update.';
  return new ImageError('config', message, { hint });
}
