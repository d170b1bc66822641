// What --json prints of a newer table.

import type { ImageError } from '@anyimage/core';
import type { FoundTables, InstalledTables, ProposedTables } from '@anyimage/host';

/** What is known of the table of a provider, and whether it is used now. */
export function proposedDocument({
  installed,
  found,
  proposed,
  error,
  used,
}: {
  readonly installed: InstalledTables;
  readonly found?: FoundTables;
  readonly proposed?: ProposedTables;
  readonly error?: ImageError;
  readonly used: boolean;
}): object {
  const { provider, package: name, version, addedFrom } = installed;
  return {
    provider,
    package: name,
    installed: version,
    ...(addedFrom !== undefined && { addedFrom }),
    used,
    ...(proposed && changes(proposed)),
    ...(found && { otherContract: found.passed }),
    ...(error && { error: error.toJSON() }),
  };
}

function changes({ newer, before, rows, lower, leftOut }: ProposedTables): object {
  return {
    version: newer.version,
    integrity: newer.integrity,
    ...(before && { before: before.version }),
    rows: rows.map(({ model, kind, words }) => ({ model, kind, words })),
    lowerPrices: lower.map(({ model, operation, path, ...prices }) => ({
      model,
      operation,
      word: path.join('.'),
      ...prices,
    })),
    leftOut,
  };
}
