// The public surface of @anyimage/core, listed by hand. Withheld on purpose: the transport, the pipeline's parts and the
// wire helpers that only core uses.

// reading tables
export { isConfigured, placeOf } from './access/access.ts';
// writing a provider
export type { Provider, ProviderFactory } from './access/define-provider.ts';
export { defineProvider, describeProvider } from './access/define-provider.ts';
export type { Envelope } from './access/exchange.ts';
export { exchange } from './access/exchange.ts';
export { tokenCost } from './access/token-cost.ts';
export type * from './contract/capabilities.ts';
export { limitsOf, modelStatus } from './contract/capabilities.ts';
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
} from './contract/client.ts';
// an image library
export type { ImageCodec, InputBytes, MaskForm, PictureForm } from './contract/codec.ts';
export type { ErrorCode, ImageErrorFacts } from './contract/errors.ts';
export { ImageError } from './contract/errors.ts';
export { isRecord } from './contract/is-record.ts';
export type * from './contract/provider.ts';
export type { ImageInput, ImageRequest, RequestOptions, RunOptions } from './contract/request.ts';
export type { Applied, Attempt, GeneratedImage, GenerateResult, Warning } from './contract/result.ts';
// where pictures and tickets are kept
export type { ImageFacts, ImageHint, ImageStore, ImageWriter, StoredImage } from './contract/store.ts';
export { memoryImageStore } from './contract/store.ts';
export type { Ticket, TicketOutput, TicketStore } from './contract/tickets.ts';
export { memoryTicketStore } from './contract/tickets.ts';
export { createClient } from './create-client.ts';
export { generateImage } from './generate-image.ts';
export { longestInput } from './inputs/inputs.ts';
export type { Route } from './models/auto.ts';
export type { Rates } from './negotiate/money.ts';
export { roundMoney } from './negotiate/money.ts';
export { nearest } from './negotiate/nearest.ts';
export { describeOption, optionsJSONSchema } from './negotiate/options.ts';
export { describeSizes } from './negotiate/size.ts';
export { detectScript } from './prompt/language.ts';
// prompts
export type { PromptCache, PromptSettings } from './prompt/prompt-help.ts';
export { memoryPromptCache } from './prompt/prompt-help.ts';
export type { PromptStyle, StyleBook } from './prompt/styles.ts';
export { styleBook } from './prompt/styles.ts';
export { retryAfter } from './timing/retry-after.ts';
export type { DefaultModel, ModelId, TypedRequest } from './typed.ts';
