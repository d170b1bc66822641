// OpenRouter's own JSON: pure functions to and from it, and its error codes. Source: docs/providers/openrouter.md.

export { fromWire } from './wire/answer.ts';
export { checkCall } from './wire/combination.ts';
export { serviceError } from './wire/errors.ts';
export { toWire } from './wire/request.ts';
export { readEvent } from './wire/stream.ts';
