// Zhipu's own JSON: pure functions to and from it, and its error codes.
// Sources: https://docs.bigmodel.cn/openapi/openapi.json, https://docs.bigmodel.cn/cn/faq/api-code, https://docs.z.ai/api-reference.

export { fromWire, readAnswer, readText } from './wire/answer.ts';
export { errorCodes, serviceError } from './wire/errors.ts';
export { jobState, readTaskId } from './wire/jobs.ts';
export { toWire } from './wire/request.ts';
