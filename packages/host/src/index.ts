// What an app on a person's machine needs. Held back: how files are written, named and converted.

export { clientOptions } from './client-options.ts';
export { configValue, editConfig } from './config-edit.ts';
export { type ConfigFile, findProjectConfig, projectConfigName, readConfig, userConfigPath } from './config-files.ts';
export { type FlatConfig, flatten } from './config-keys.ts';
export { type BudgetLimits, type Config, configJSONSchema } from './config-schema.ts';
export { embeddedProvider } from './embedded.ts';
export type { FoundModel } from './find-model.ts';
export { findModel } from './find-model.ts';
export { type Format, formatOfPath, mediaTypeOf } from './formats.ts';
export { type Environment, homeFolder } from './home.ts';
export {
  type FileImageStore,
  type FileImageStoreOptions,
  fileImageStore,
  type StoredFile,
  type StoreWarning,
} from './image-store.ts';
export { changedInputs, type InputRecord } from './input-records.ts';
export { keyDoubt, keyProblem } from './key-shape.ts';
export { type KeyStore, openKeys, type StoredKey } from './key-store.ts';
export { type FoundKey, findKey } from './keys.ts';
export { type Library, type LibraryOptions, openLibrary } from './library.ts';
export type { PictureEntry, Query } from './library-index.ts';
export type { ScannedPicture, ScanProgress } from './library-scan.ts';
export { idsOf, listModels, type ModelFacts, placeNow } from './model-facts.ts';
export { type DatedModelList, keepModelList, type ModelLists, readModelLists } from './model-lists.ts';
export { checkOutput, type OutputFile, type OutputOptions, type OutputTarget } from './output.ts';
export { discardParts } from './part-file.ts';
export { type PictureRecord, readRecord } from './picture-record.ts';
export type { KnownEmulator } from './provider-list.ts';
export { emulators, providers } from './providers.generated.ts';
export {
  type DocumentOptions,
  emptyOutcome,
  failedOutcome,
  type ResultDocument,
  resultDocument,
  ticketDocument,
} from './result-document.ts';
export { type Layer, loadSettings, type Project, type Settings, type SettingsOptions } from './settings.ts';
export type { Sidecar } from './sidecar.ts';
export { errorCode, storageError } from './storage-error.ts';
export { type BrokenStyle, findStyle, listStyles, type NamedStyle, stylesFolder } from './styles.ts';
export { clean, countText, type PictureFacts, pictureText, tally, valueText } from './text.ts';
export { type FileTicketStoreOptions, fileTicketStore } from './ticket-store.ts';
export { namesInUse, setTrust, type TrustState, trustOf, withoutTrust } from './trust.ts';
export { duration, durationRange, fileSize, isoDay, isoTime, money, priceRange } from './units.ts';
