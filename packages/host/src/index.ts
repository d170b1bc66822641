// What an app on a person's machine needs. Held back: how files are written, named and converted.

export { type BatchJournal, batchJournalPath, openBatchJournal } from './batch/batch-journal.ts';
export type { BatchPicture, BatchRow, BatchRun } from './batch/batch-row.ts';
export { type KeptPictures, keptPictures } from './batch/kept-pictures.ts';
export { checkReport, type ReportOptions, shownRow, writeReport } from './batch/report.ts';
export {
  type BrokenRow,
  type FileRow,
  type RowFormat,
  type RowValues,
  readRows,
  rowFormatOf,
  rowFormats,
} from './batch/row-file.ts';
export { RowKeys, type RowState, RowTable, rowStates } from './batch/row-table.ts';
export { checkPlaces, readTemplate, type Template } from './batch/template.ts';
export { readVariations, type Variation, waysOf } from './batch/vary.ts';
export { clientOptions, ratesOf } from './client-options.ts';
export { type ConfigForm, type ProviderCheck, parseForm, type ReadForm } from './config/config-check.ts';
export { changeConfig, configValue, editConfig, replaceConfig, setTyped } from './config/config-edit.ts';
export {
  type ConfigFile,
  findProjectConfig,
  projectConfigName,
  readConfig,
  userConfigPath,
} from './config/config-files.ts';
export { type FlatConfig, flatten, isInKey, partsOfKey, shownValue } from './config/config-keys.ts';
export {
  type BudgetLimits,
  type Config,
  configJSONSchema,
  configSchema,
  type PreviewWord,
  previewWords,
} from './config/config-schema.ts';
export type { Layer } from './config/layer.ts';
export { setTrust, type TrustState, trustOf } from './config/trust.ts';
export { changesTogether } from './files/changes-together.ts';
export { currentFolder, type Environment, expandHome, homeFolder, placeOfPath } from './files/home.ts';
export { isInside } from './files/inside.ts';
export { withLock } from './files/lock-file.ts';
export { makeFolder } from './files/make-folder.ts';
export { discardParts } from './files/part-file.ts';
export { bringUpToDate, inTransaction, isBusy, openDatabase, whenFree } from './files/sqlite.ts';
export { errorCode, storageError } from './files/storage-error.ts';
export { writeFileAtomically } from './files/write-file.ts';
export { holdsKey, keyDoubt, keyProblem } from './keys/key-shape.ts';
export { type KeptKey, type KeyStore, openKeys, type StoredKey } from './keys/key-store.ts';
export { type FoundKey, findKey } from './keys/keys.ts';
export { type FindMoved, movedFinder } from './library/find/moved-pictures.ts';
export { findNamed, type NamedPicture } from './library/find/named-picture.ts';
export { isPictureId, pictureId, readPictureName, shortPictureId } from './library/find/picture-id.ts';
export { findRecord, type PictureRecord, sidecarOf } from './library/find/picture-record.ts';
export { planRemoval, type Removal, removePicture } from './library/find/remove-picture.ts';
export { type History, type HistoryOptions, openHistory } from './library/history.ts';
export { changedInputs, type InputRecord } from './library/input-records.ts';
export { latePictures } from './library/late-pictures.ts';
export { sweepParts } from './library/late-sidecars.ts';
export type { PictureEntry, PictureFilter, Query } from './library/picture-index.ts';
export { addUp, type PictureSum } from './library/picture-sums.ts';
export type { Sidecar, StoredFile } from './library/sidecar.ts';
export type { ScannedPicture, ScanProgress } from './library/sidecar-scan.ts';
export { agreedModels, agreeToModels } from './money/agreed-models.ts';
export { type FileBudgetOptions, fileBudget } from './money/budget.ts';
export { type FileLimitStoreOptions, fileLimitStore } from './money/limit-store.ts';
export { type RunLimit, withRunLimit } from './money/run-limit.ts';
export { findManifest, type ManifestFacts } from './pictures/c2pa.ts';
export { canEmbed, embedMetadata } from './pictures/embed-metadata.ts';
export { type Format, formatOfPath, mediaTypeOf } from './pictures/formats.ts';
export {
  type FileImageStore,
  type FileImageStoreOptions,
  fileImageStore,
  type StoreWarning,
} from './pictures/image-store.ts';
export type { EmbeddedFacts, SourceType } from './pictures/metadata-text.ts';
export { checkOutput, type OutputFile, type OutputOptions, type OutputTarget, outputIn } from './pictures/output.ts';
export { pictureName, wordsForName } from './pictures/picture-name.ts';
export { imageCodec, maskFromHoles } from './pictures/pixels/codec.ts';
export { comparePixels, type PixelComparison } from './pictures/pixels/compare-pixels.ts';
export {
  type ContactSheet,
  makeContactSheet,
  type SheetOptions,
  type SheetTile,
} from './pictures/pixels/contact-sheet.ts';
export { maskFromShape, type ShapeMask } from './pictures/pixels/mask-from-shape.ts';
export { isMaskShape } from './pictures/pixels/mask-shapes.ts';
export {
  type Length,
  makePreview,
  makeView,
  type Preview,
  type PreviewOptions,
  type ShownFormat,
  type ViewForm,
} from './pictures/pixels/preview.ts';
export { makeRaster, type Raster, rasterPNG } from './pictures/pixels/raster.ts';
export { readEmbedded } from './pictures/read-metadata.ts';
export {
  type DocumentOptions,
  emptyOutcome,
  failedOutcome,
  type ResultDocument,
  resultDocument,
  ticketDocument,
} from './pictures/result-document.ts';
export {
  appliedSchema,
  costSchema,
  errorSchema,
  jsonSchema,
  moneySchema,
  resultSchema,
  ticketSchema,
  warningSchema,
} from './pictures/result-schema.ts';
export { storeOfCurrent } from './pictures/store-of-current.ts';
export { writePicture } from './pictures/write-picture.ts';
export {
  type AddOptions,
  type FetchedPlugin,
  fetchAgain,
  fetchPlugin,
  type PluginFacts,
} from './plugins/add-plugin.ts';
export { checkManifest } from './plugins/check-manifest.ts';
export { findPlugin, pluginProblem, removePlugin } from './plugins/installed.ts';
export { type KnownServices, knownServices, type Services } from './plugins/known-services.ts';
export { type PluginEntry, pluginListPath, pluginListText, readPluginList } from './plugins/plugin-list.ts';
export { findSource } from './plugins/plugin-source.ts';
export { type CostlyModel, costlyModels } from './request/costly-models.ts';
export { absoluteInput, type DescribedRequest, describeRequest, describeTicket } from './request/describe.ts';
export { type NamedModels, type OriginSettings, tellOrigin, tellOrigins } from './request/origin.ts';
export { hashOf, type NamedRequest, requestHashes } from './request/request-hash.ts';
export {
  keylessProviders,
  modelWord,
  type NameSettings,
  namedModels,
  type RequestTarget,
  requestModels,
  requestTarget,
} from './request/target.ts';
export { embeddedProvider } from './services/embedded.ts';
export type { FoundModel } from './services/find-model.ts';
export { findModel, findProvider } from './services/find-model.ts';
export { type FittingModels, fittingModels, type ModelFilter, noModelFits } from './services/fitting-models.ts';
export { type DatedModelList, listModels, type ModelFacts, placeNow } from './services/model-facts.ts';
export { type NamedOwnModels, type OwnProblem, type ReadOwnModel, readOwnModel } from './services/own-models.ts';
export { isOnThisMachine, type PicturePrice, picturePrice } from './services/picture-price.ts';
export { providerCheck } from './services/provider-check.ts';
export type { KnownEmulator } from './services/provider-list.ts';
export { emulators, providers } from './services/providers.generated.ts';
export type { Project } from './settings/project.ts';
export { loadSettings, type Settings, type SettingsOptions } from './settings/settings.ts';
export { SharedClient } from './shared-client.ts';
export { type BrokenStyle, findStyle, listStyles, type NamedStyle, styleNames, stylesFolder } from './styles/styles.ts';
export {
  anyOther,
  changesText,
  isDate,
  type RowChange,
  tellsMore,
} from './tables/compare-tables.ts';
export {
  type Kept,
  keepListed,
  keepUpdated,
  modelsFolder,
  type PackageTable,
  readKept,
  type UpdatedTable,
} from './tables/kept.ts';
export type { KeptTables } from './tables/kept-tables.ts';
export type { InstalledTables } from './tables/published-tables.ts';
export {
  type Asking,
  askBeside,
  askFirst,
  dueCatalogues,
  type RefreshSettings,
  refreshModels,
} from './tables/refresh.ts';
export { updateBeside } from './tables/update-beside.ts';
export { noteUndone } from './tables/update-due.ts';
export {
  lastUpdate,
  type ProposedTables,
  proposeTables,
  takeTables,
  type UndoneTables,
  undoTables,
  withLowerPrices,
} from './tables/update-kept.ts';
export {
  type FoundTables,
  fetchTables,
  findInstalled,
  installedTables,
  secretsOf,
} from './tables/update-tables.ts';
export { isFileName } from './text/input-name.ts';
export { type Notice, noticeText, type OnNotice } from './text/notice.ts';
export { parseNumber, rangeText, readMoney, saysNothing } from './text/numbers.ts';
export { shellWord } from './text/shell-word.ts';
export { countText, type PictureFacts, pictureText, tally, valueText } from './text/text.ts';
export { unexpected } from './text/unexpected.ts';
export {
  dayText,
  duration,
  durationRange,
  fileSize,
  isoDay,
  isoTime,
  money,
  priceRange,
  timeText,
} from './text/units.ts';
export { type OpenRequest, type OpenRequests, openRequests } from './tickets/open-requests.ts';
export {
  type FileTicketStore,
  type FileTicketStoreOptions,
  fileTicketStore,
  listOpen,
} from './tickets/ticket-store.ts';
export { formatName } from './words/format-name.ts';
export { type Kind, readAs, withoutNothing } from './words/loose-value.ts';
export { type GivenWords, looseWords, type ReadWords, readRequest } from './words/read-request.ts';
export { plainRect } from './words/rect-text.ts';
export { refuseWord, shownWord } from './words/refuse-word.ts';
export { meantWord } from './words/word-names.ts';
