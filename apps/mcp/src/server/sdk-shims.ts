// Takes the place of the SDK's platform module in the bundle (see build.mjs).

import nodeProcess from 'node:process';

export const process = nodeProcess;

/** The SDK would check a filled-in form against its schema. This server reads the one field of its forms itself (asking.ts). */
export class DefaultJsonSchemaValidator {
  getValidator(): never {
    throw new Error('the answers of a person are read by the server itself');
  }
}
