// Whether what was read from this machine's files has the shape of a table. What is in its rows was checked before it was written.

import { isRecord, type ModelCapabilities, type ModelTable } from '@anyimage/core';

export function isTable(value: unknown): value is ModelTable {
  return isRecord(value) && Object.values(value).every(isRow);
}

export function isRow(value: unknown): value is ModelCapabilities {
  return isRecord(value) && isRecord(value.operations) && isRecord(value.delivery) && typeof value.label === 'string';
}
