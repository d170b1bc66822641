import type { StandardSchemaV1 } from '@modelcontextprotocol/server';

/** What clients send is read here, as far as it can be: the SDK would refuse all of it for one part that is wrong. */
export const anything: StandardSchemaV1<unknown, unknown> = {
  '~standard': { version: 1, vendor: 'anyimage', validate: (value) => ({ value }) },
};
