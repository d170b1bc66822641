// Bailian's own JSON: pure functions to and from it, and its error codes. Sources: docs/providers/bailian.md.

export { fromWire, type Permit, readAnswer, readPermit, readText } from './wire/answer.ts';
export { type Envelope, errorCodes, serviceError } from './wire/errors.ts';
export { jobState, readCancelled, readTaskId } from './wire/jobs.ts';
export { type Inputs, toWire, wireOf } from './wire/request.ts';
