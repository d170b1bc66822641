// Google's own JSON: pure functions to and from it, and its errors.
// Sources: https://ai.google.dev/api/generate-content, the types of https://github.com/googleapis/js-genai.

export { methodPath, modelsPath, refuseImagenAtGoogle } from './wire/address.ts';
export { fromWire, readAnswer, readText } from './wire/answer.ts';
export { errorCodes, serviceError } from './wire/errors.ts';
export { readModels } from './wire/models.ts';
export { fromPredict, toPredict } from './wire/predict.ts';
export { finishReasons } from './wire/refusals.ts';
export { textToWire, toWire } from './wire/request.ts';
