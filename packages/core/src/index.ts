// The public surface of @anyimage/core, listed by hand. Withheld on purpose: the transport, the pipeline's parts and the
// wire helpers that only core uses.

// reading tables
export { isConfigured, placeOf } from './access.ts';
export type * from './capabilities.ts';
export { limitsOf, modelStatus } from './capabilities.ts';
// making pictures
export type {
  Budget,
  Client,
  ClientOptions,
  ClientRequest,
  Clock,
  LazyProvider,
  ModelList,
  Outcome,
  Plan,
  Reservation,
} from './client.ts';
// an image library
export type { ImageCodec, InputBytes, MaskForm, PictureForm } from './codec.ts';
export { createClient } from './create-client.ts';
// writing a provider
export type { Provider, ProviderFactory } from './define-provider.ts';
export { defineProvider, describeProvider } from './define-provider.ts';
export type { ErrorCode, ImageErrorFacts } from './errors.ts';
export { ImageError } from './errors.ts';
export type { Envelope } from './exchange.ts';
export { exchange } from './exchange.ts';
export { generateImage } from './generate-image.ts';
export { longestInput } from './inputs.ts';
export { detectScript } from './language.ts';
export type { Rates } from './money.ts';
export { nearest } from './nearest.ts';
export { describeOption, optionsJSONSchema } from './options.ts';
// prompts
export type { PromptCache, PromptSettings } from './prompt-help.ts';
export { memoryPromptCache } from './prompt-help.ts';
export type * from './provider.ts';
export type { ImageInput, ImageRequest, RequestOptions, RunOptions } from './request.ts';
export type { Applied, Attempt, GeneratedImage, GenerateResult, Warning } from './result.ts';
export { retryAfter } from './retry-after.ts';
export type { Route } from './route.ts';
export { describeSizes } from './size.ts';
// where pictures and tickets are kept
export type { ImageFacts, ImageHint, ImageStore, ImageWriter, StoredImage } from './store.ts';
export { memoryImageStore } from './store.ts';
export type { PromptStyle, StyleBook } from './styles.ts';
export { styleBook } from './styles.ts';
export type { Ticket, TicketOutput, TicketStore } from './tickets.ts';
export { memoryTicketStore } from './tickets.ts';
export { tokenCost } from './token-cost.ts';
export type { DefaultModel, ModelId, TypedRequest } from './typed.ts';
