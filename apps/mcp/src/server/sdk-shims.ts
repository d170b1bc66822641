// Takes the place of the SDK's platform module in the bundle (see build.mjs).

import nodeProcess from 'node:process';

export const process = nodeProcess;

/** The SDK checks answers to questions that it asks a person; this server asks none. */
export class DefaultJsonSchemaValidator {
  getValidator(): never {
    throw new Error('this server asks no questions, so there are no answers to check');
  }
}
