// anyimage compare "a paper boat" -m cogview -m google -m openai

import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Client, type ClientRequest, ImageError, type ImageInput, messageOf, type Plan } from '@anyimage/core';
import {
  checkOutput,
  describeRequest,
  errorCode,
  fileImageStore,
  findModel,
  type History,
  makeContactSheet,
  namedModels,
  pictureName,
  placeOfPath,
  tellOrigins,
} from '@anyimage/host';
import { comparisonRows, type Made, priceLine, sheetTiles } from '../../print/comparison-text.ts';
import { comparisonDocument, failureDocument, outcomeDocument, planDocument } from '../../print/document.ts';
import { startLivePictures } from '../../print/live/live-pictures.ts';
import { PictureStates } from '../../print/live/picture-states.ts';
import { shownPath } from '../../print/outcome-text.ts';
import { planText } from '../../print/plan-text.ts';
import { printPaths, printValue, sayError, sayNote, sayOutcome, sayWarning } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { tableText } from '../../print/terminal/table.ts';
import { columnsOf } from '../../print/terminal/wrap.ts';
import { translated } from '../../print/words/translated.ts';
import type { MakeFlags } from '../../request/flags.ts';
import { openInputs } from '../../request/input-files.ts';
import type { Resolved } from '../../request/resolve.ts';
import { spelledOut } from '../../request/spelled-out.ts';
import { refreshBeside, resolveAsking } from '../../session/catalogues.ts';
import { Tally } from '../../session/exit-code.ts';
import { findInputs } from '../../session/find-inputs.ts';
import { refuseKey } from '../../session/keys/refuse-key.ts';
import { openClient } from '../../session/open-client.ts';
import { openHistory } from '../../session/open-history.ts';
import { askPrice } from '../../session/price-question.ts';
import { readSettings, type Settings } from '../../session/settings.ts';
import { listenForPictures } from '../../session/signals/interrupt-pictures.ts';
import { openMade } from '../../session/view/open-viewer.ts';
import { previewWord, showPreview } from '../../session/view/preview.ts';
import { promptOf } from './make.ts';

/** More are not looked at together. */
const mostModels = 12;

/** What one of the models is asked. */
interface Side {
  readonly model: string;
  readonly resolved: Resolved;
  readonly request: ClientRequest;
}

/**
 * Asks several models for the same, lays what they make side by side, and returns the exit code. Where one of them does not take the
 * request, nothing is sent to any. Throws what is wrong with the words.
 */
export async function compare(typed: readonly string[], given: MakeFlags): Promise<number> {
  const flags = spelledOut(given);
  const { image: images = [], mask } = flags;
  if (flags.embed) throw noCopies();
  if (flags.partials) throw noPartials();
  const prompt = await promptOf(typed, { words: { images, ...(mask !== undefined && { mask }) } });
  refuseKey(prompt);
  const settings = await readSettings();
  previewWord(flags, settings);
  const sides = await sidesOf(prompt, flags, settings);
  const plans = await planAll(sides, settings);
  const refused = plans.some((plan) => ImageError.isInstance(plan));
  if (refused) return refuse(sides, plans, flags);
  const planned = plans as readonly Plan[];
  if (flags.dryRun) return showPlans(sides, planned, flags);
  const folder = await folderFor(prompt, flags, settings);
  if (!flags.yes) await agree(sides, settings);
  if (!flags.json && !flags.quiet) note(priceLine(planned));
  return carryOut(sides, { flags, settings, folder });
}

function noCopies(): ImageError {
  return new ImageError('invalid-request', 'compare writes no copies that tell how they were made', {
    details: { option: 'embed' },
    hint: 'Leave --embed out, and then: anyimage info PICTURE --embed FILE.',
  });
}

function noPartials(): ImageError {
  return new ImageError('invalid-request', 'compare shows no partial pictures', {
    details: { option: 'partials' },
    hint: 'Leave --partials out.',
  });
}

/** One question about all of them. Throws `budget` on a no. */
async function agree(sides: readonly Side[], settings: Settings): Promise<void> {
  const models = sides.flatMap(({ resolved }) => resolved.named.models);
  await askPrice({ models, request: { ...sides[0]!.request, model: models }, settings });
}

async function sidesOf(prompt: string, flags: MakeFlags, settings: Settings): Promise<readonly Side[]> {
  const models = [...new Set(namedModels(flags.model ?? [], settings))];
  if (models.length < 2 || models.length > mostModels) {
    throw new ImageError('invalid-request', `compare takes 2 to ${mostModels} models, and got ${models.length}`, {
      details: { option: 'model' },
      hint: 'Name each with -m: anyimage compare "a paper boat" -m sketch -m cogview',
    });
  }
  const { output: _, ...words } = flags;
  const all = await Promise.all(models.map((model) => resolveAsking({ ...words, model: [model] }, settings)));
  const { note: told, ...pictures } = await sharedPictures(await findInputs(all[0]!.words, settings));
  const notes = [...all.flatMap((one) => one.notes), ...(told === undefined ? [] : [told])];
  if (!flags.quiet) for (const line of new Set(notes)) sayNote(line);
  return Promise.all(
    all.map(async (resolved, index) => {
      const { providerOptions } = resolved.words;
      const options = providerOptions && (await openInputs({ providerOptions }, resolved.limits?.options));
      return { model: models[index]!, resolved, request: { ...resolved.words, ...pictures, ...options, prompt } };
    }),
  );
}

/** The pictures that all models start from. What is piped in can be read once. */
async function sharedPictures({ images, mask }: ClientRequest) {
  const opened = await openInputs({ ...(images && { images }), ...(mask !== undefined && { mask }) });
  return {
    ...opened,
    ...(opened.images && { images: await Promise.all(opened.images.map(inMemory)) }),
    ...(opened.mask !== undefined && { mask: await inMemory(opened.mask) }),
  };
}

async function inMemory(input: ImageInput): Promise<ImageInput> {
  return input instanceof ReadableStream ? buffer(input) : input;
}

/** What each model says to it. A key that is missing is a refusal here: half a comparison is none. */
async function planAll(sides: readonly Side[], settings: Settings): Promise<readonly (Plan | ImageError)[]> {
  const client = openClient(settings);
  try {
    return await Promise.all(sides.map(({ request }) => planOne(client, request)));
  } finally {
    await client.close();
  }
}

async function planOne(client: Client, request: ClientRequest): Promise<Plan | ImageError> {
  try {
    const plan = await client.plan(request);
    const key = plan.warnings.find(({ code }) => code === 'key');
    return key
      ? new ImageError('auth', key.message, { hint: 'Store the key with anyimage keys set, or leave the model out.' })
      : plan;
  } catch (error) {
    if (ImageError.isInstance(error)) return error;
    throw error;
  }
}

function refuse(sides: readonly Side[], plans: readonly (Plan | ImageError)[], { json }: MakeFlags): number {
  const refusals = sides.flatMap(({ model }, index) => {
    const error = plans[index]!;
    return ImageError.isInstance(error) ? [{ model, error }] : [];
  });
  if (json)
    printDocument(comparisonDocument(refusals.map(({ model, error }) => ({ model, ...failureDocument(error) }))));
  for (const { model, error } of refusals) {
    note(paintFor(process.stderr)('title', model));
    sayError(error);
  }
  sayNote(translated('nothing was sent to any of the models'));
  return 2;
}

function showPlans(sides: readonly Side[], plans: readonly Plan[], { json }: MakeFlags): number {
  const both = sides.map(({ model, request }, index) => ({ model, request, plan: plans[index]! }));
  if (json) {
    const documents = both.map(({ model, request, plan }) => ({ model, ...planDocument(plan, request.prompt ?? '') }));
    printDocument(comparisonDocument(documents));
    return 0;
  }
  for (const { request, plan } of both) note(planText(plan, request, paintFor(process.stderr)));
  note(priceLine(plans));
  return 0;
}

/** A folder of its own, so that nothing is mixed up. Throws `invalid-request` for a file, `storage`. */
async function folderFor(prompt: string, { output, force }: MakeFlags, settings: Settings): Promise<string> {
  const name = pictureName(prompt, Date.now().toString(36).slice(-4));
  const folder = placeOfPath(output ?? join(settings.outputFolder, `compare-${name}`));
  const found = await stat(folder).catch(() => undefined);
  if (found && !found.isDirectory()) {
    throw new ImageError(
      'invalid-request',
      `output: ${shownPath(folder)} is no folder, and a comparison is several files`,
      {
        details: { option: 'output', asked: output ?? folder },
        hint: 'Give the name of a folder.',
      },
    );
  }
  await checkOutput({ output: `${folder}/`, ...(force && { force }) });
  return folder;
}

interface Place {
  readonly flags: MakeFlags;
  readonly settings: Settings;
  readonly folder: string;
}

async function carryOut(sides: readonly Side[], place: Place): Promise<number> {
  const { flags, settings, folder } = place;
  const history = openHistory(settings);
  const states = sides.map(({ request: { n = 1 } }) => new PictureStates(n));
  const { interrupt, listeners } = listenForPictures(...states);
  const live = startLivePictures(
    process.stderr,
    (flags.quiet ? [] : sides).map(({ model }, index) => ({
      title: model,
      states: states[index]!,
      latencyOf: latencies(settings),
    })),
  );
  const { signal, stopSending } = interrupt;
  try {
    const making = sides.map((side, index) =>
      makeOne(side, place, { history, signal, stopSending, onProgress: listeners[index] }),
    );
    const made = await Promise.all(making);
    live.stop();
    const tiles = sheetTiles(made).flatMap(({ path, label: [label] }) =>
      path === undefined ? [] : [{ picture: path, label }],
    );
    await showPreview(tiles, previewWord(flags, settings), signal);
    const sheet = await laySheet(made, folder);
    report(made, sheet, flags);
    if (flags.open && sheet !== undefined) await openMade([sheet]);
    const tally = new Tally();
    for (const { outcome } of made) tally.add(outcome);
    return interrupt.exitCode ?? tally.exitCode;
  } finally {
    live.stop();
    await history.close();
    interrupt.stop();
  }
}

function latencies({ providers }: Settings) {
  return (model: string) => findModel(providers, model)?.row.latencyMs;
}

/** Each model has a client with a store of its own: its pictures are called as the model. */
async function makeOne(
  { model, resolved, request }: Side,
  { flags, settings, folder }: Place,
  { history, ...during }: Pick<ClientRequest, 'signal' | 'stopSending' | 'onProgress'> & { readonly history: History },
): Promise<Made> {
  const name = model.replace(/[^\p{L}\p{N}.-]+/gu, '-');
  const target = { folder, file: { name, ending: '', asItComes: true }, force: flags.force ?? false } as const;
  const described = describeRequest({ prompt: request.prompt ?? '', ...resolved.words });
  const store = fileImageStore({ target, home: settings.home, request: described, history });
  const output = { target, count: request.n ?? 1 };
  const client = openClient(settings, { store, maxImageBytes: flags.maxImageBytes, output });
  const endRefresh = refreshBeside(resolved.named.models, settings, client);
  try {
    const outcome = await client.run({ ...request, ...during });
    await store.noted();
    return { model, outcome: tellOrigins(outcome, settings, resolved.named), store };
  } finally {
    await endRefresh();
    await client.close();
  }
}

/** The pictures side by side, in a file of the folder; `undefined` if there is none, or it cannot be made: the pictures are there. */
async function laySheet(made: readonly Made[], folder: string): Promise<string | undefined> {
  if (!made.some(({ outcome }) => outcome.images.length > 0)) return undefined;
  try {
    const sheet = await makeContactSheet(sheetTiles(made));
    if (!sheet.isLabelled)
      sayWarning('the sheet has no labels: this machine has no font; its order is that of the models');
    return await writeNew(folder, sheet.bytes);
  } catch (error) {
    sayWarning(`there is no sheet of the pictures: ${messageOf(error)}`);
    return undefined;
  }
}

/** The sheet of an earlier comparison stays: the next free name is taken. Throws the system's error. */
async function writeNew(folder: string, bytes: Uint8Array): Promise<string> {
  for (let count = 1; ; count++) {
    const path = join(folder, count === 1 ? 'compare.png' : `compare-${count}.png`);
    try {
      await writeFile(path, bytes, { flag: 'wx' });
      return path;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}

function report(made: readonly Made[], sheet: string | undefined, { json, quiet }: MakeFlags): void {
  if (json) {
    const documents = made.map(({ model, outcome, store }) => ({ model, ...outcomeDocument(outcome, store) }));
    printDocument(comparisonDocument(documents, sheet));
  } else {
    for (const { outcome } of made) printPaths(outcome);
    if (sheet !== undefined) printValue(shownPath(sheet));
  }
  const paint = paintFor(process.stderr);
  if (!quiet) note(tableText(comparisonRows(made), paint, columnsOf(process.stderr)));
  for (const { model, outcome, store } of made) {
    // What the table tells is not said again.
    const told = { ...outcome, images: [] };
    const { applied, warnings, errors, pending } = outcome;
    if ([applied, warnings, errors, pending, store.applied, store.warnings].every((list) => list.length === 0))
      continue;
    note(paint('title', model));
    sayOutcome(told, store);
  }
}
