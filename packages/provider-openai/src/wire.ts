// The JSON and multipart of OpenAI and of servers like it: pure functions to and from it, and its error codes.
// Sources: docs/providers/openai.md.

export { fromWire } from './wire/answer.ts';
export { checkCombination } from './wire/combination.ts';
export type { Dialect } from './wire/dialect.ts';
export { serviceError } from './wire/errors.ts';
export { readModels } from './wire/models.ts';
export { toWire, wantsSVG } from './wire/request.ts';
export { readEvent } from './wire/stream.ts';
