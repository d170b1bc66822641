// Whether a plugin runs on this Node.

import { ImageError, quotedWord } from '@anyimage/core';
import satisfies from 'semver/functions/satisfies.js';
import validRange from 'semver/ranges/valid.js';

/** Why a package does not run on this Node. `range`: its engines.node. */
export function nodeProblem(
  range: string | undefined,
  name: string,
  node = process.versions.node,
): ImageError | undefined {
  if (range === undefined || isInRange(node, range)) return undefined;
  return new ImageError('config', `${quotedWord(name)} needs Node ${quotedWord(range)}, and this is ${node}`, {
    hint: 'Run anyimage with another Node, or update the plugin: anyimage plugins update.',
  });
}

/** Whether a version is in a range. What is not read as a range holds every version: npm takes it for a warning, too. */
export function isInRange(version: string, range: string): boolean {
  return validRange(range) === null || satisfies(version, range, { includePrerelease: true });
}
