// The public surface of @anyimage/core, listed by hand, by who needs it. Withheld on purpose: the transport, the parts of the
// pipeline and the wire helpers that only core uses. Blank lines keep the groups apart when exports are sorted.

// Making pictures.

export type {
  Client,
  ClientOptions,
  ClientRequest,
  Clock,
  FailedOutcome,
  HttpDispatcher,
  LazyProvider,
  MadeOutcome,
  ModelList,
  Outcome,
  OutcomeFacts,
  Plan,
  Rates,
  Route,
} from './contract/client.ts';
export type { ErrorCode, ImageErrorFacts } from './contract/errors.ts';
export { ImageError, messageOf } from './contract/errors.ts';
export type { Applied, Warning } from './contract/notices.ts';
export type {
  CallProgress,
  CallStep,
  ImageInput,
  ImageRequest,
  RequestOptions,
  RunOptions,
  StreamedPicture,
  ToldCall,
} from './contract/request.ts';
export type { Attempt, GeneratedImage, GenerateResult, SaveOptions } from './contract/result.ts';
export { createClient } from './create-client.ts';
export { type GenerateOptions, generateImage, resumeImage } from './generate-image.ts';
export { isBase64Picture, longestInput } from './inputs/inputs.ts';
export { systemClock } from './timing/clock.ts';
export { quietly } from './timing/quietly.ts';
export type { DefaultModel, ModelId, NamesModel, TypedRequest } from './typed.ts';
export type { ClientFor, ModelName, RequestTo, TypedClient } from './typed-client.ts';

// Where pictures and tickets are kept, and who changes pixels.

export type { ImageCodec, MaskForm, PictureForm } from './contract/codec.ts';
export type {
  ExpectedPictures,
  ImageFacts,
  ImageHint,
  ImageStore,
  ImageWriter,
  PictureRecord,
  StoredImage,
} from './contract/store.ts';
export { memoryImageStore } from './contract/store.ts';
export type { Ticket, TicketOutput, TicketPage, TicketStore } from './contract/tickets.ts';
export { intentMemoryMs, isForgotten, memoryTicketStore, pageOf } from './contract/tickets.ts';
export { isTicketId, readTicket } from './foreign/read-ticket.ts';

// What may be spent, and what an account may do at once.

export type {
  Budget,
  Reservation,
  Spending,
  SpendingBook,
  SpendingLimits,
  SpendingSums,
} from './contract/budget.ts';
export { createBudget, memoryBudget, refuseExcess } from './contract/budget.ts';
export type { AccountRate, Limiter, LimitStore } from './contract/client.ts';
export { roundMoney, sumMoney } from './negotiate/money.ts';
export { memoryLimitStore, tooLate } from './timing/limiter.ts';

// How prompts are treated.

export type { PromptCache, PromptSettings, PromptStyle, StyleBook } from './contract/prompts.ts';
export { detectScript } from './prompt/language.ts';
export { memoryPromptCache } from './prompt/prompt-help.ts';
export { styleBook } from './prompt/styles.ts';

// Writing a provider.

export { fromChat, toChat } from './access/chat.ts';
export type {
  InputsOf,
  LiteralDefinition,
  Provider,
  ProviderFactory,
  ProviderParts,
  TypedFactory,
} from './access/define-provider.ts';
export { defineProvider, describeProvider } from './access/define-provider.ts';
export type { Complaint, ErrorCase, ErrorMap, ErrorMeaning, MeaningName } from './access/error-map.ts';
export { defineErrorMap } from './access/error-map.ts';
export type { Envelope } from './access/exchange.ts';
export { envelopeOf, exchange, readJSON } from './access/exchange.ts';
export { toBase64, toFile, toURL } from './access/input-form.ts';
export { brokenOff, nothingMade, otherForm, perhapsMade } from './access/lost-picture.ts';
export { oneByOne } from './access/one-by-one.ts';
export { tokenCost } from './access/token-cost.ts';
export { readComplaint } from './answers/complaint.ts';
export { type FoundPicture, holdsPicture, picturesIn, picturesInEntry } from './answers/pictures-in.ts';
export type { CodePlace, EmulatorFacts, ProviderManifest } from './contract/manifest.ts';
export { configSchemaOf, contractVersion, hostsOf } from './contract/manifest.ts';
export type * from './contract/provider.ts';
export { mediaTypeIn } from './foreign/media-type.ts';
export { trustedHostProblem } from './http/trusted-hosts.ts';
export { type PictureFacts, pictureFacts } from './verify/verify.ts';

// Reading capability tables.

export { isConfigured, placeOf } from './access/access.ts';
export { isKeyPlaceholder, isUnfilled, unfilledNote } from './access/placeholder.ts';
export type * from './contract/capabilities.ts';
export { limitsOf, modelStatus, operationIn, rowIn, sameName } from './contract/capabilities.ts';
export { isLoopback } from './http/address-guard.ts';
export { costOf } from './negotiate/estimate.ts';
export { isWithin } from './negotiate/money.ts';
export { didYouMean, mostNamed, nearest, shortList } from './negotiate/nearest.ts';
export { type OperationWords, operationOf } from './negotiate/negotiate.ts';
export { describeOption } from './negotiate/options.ts';
export { optionsJSONSchema } from './negotiate/options-schema.ts';
export { describeSizes } from './negotiate/shape/size.ts';
export type { CheckOptions, TableProblem } from './tables/check-table.ts';
export { checkRow, checkTable } from './tables/check-table.ts';
export { type FoundRow, findName, findRow, idsOf, usualModel } from './tables/find-row.ts';
export { ownRow, withOwnModels } from './tables/own-models.ts';
export { ownModelJSONSchema } from './tables/own-schema.ts';
export { tableOf } from './tables/table-of.ts';

// Texts from outside.

export { cleanText, escapeUnseen } from './foreign/clean.ts';
export { foreignFacts, quoted, quotedWord, shortened } from './foreign/foreign.ts';

// Plain objects.

export type { Present } from './contract/objects.ts';
export { isRecord, omit, present, unlessEmpty } from './contract/objects.ts';
