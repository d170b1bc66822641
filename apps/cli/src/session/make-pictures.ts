// From a request to pictures and an exit code: what making and making again share.

import { type ClientRequest, ImageError, type Outcome, omit, type RunOptions } from '@anyimage/core';
import {
  checkOutput,
  describeRequest,
  type FileImageStore,
  fileImageStore,
  findModel,
  type OutputTarget,
  type PreviewWord,
  tellOrigin,
  tellOrigins,
} from '@anyimage/host';
import { failureDocument, outcomeDocument, planDocument } from '../print/document.ts';
import { type LiveAbout, startLivePictures } from '../print/live/live-pictures.ts';
import { PictureStates } from '../print/live/picture-states.ts';
import { shownPath } from '../print/outcome-text.ts';
import { planText } from '../print/plan-text.ts';
import type { Protocol } from '../print/preview/protocol.ts';
import { printPaths, sayError, sayNote, sayOutcome } from '../print/say.ts';
import { note } from '../print/terminal/output.ts';
import { paintFor } from '../print/terminal/paint.ts';
import { printDocument } from '../print/terminal/print-document.ts';
import type { MakeFlags } from '../request/flags.ts';
import { openInputs } from '../request/input-files.ts';
import { type PipedOutput, pipedOutput } from '../request/piped-output.ts';
import type { RecordedPrompt } from '../request/prompt-again.ts';
import type { Resolved } from '../request/resolve.ts';
import { adviceFor } from './advice.ts';
import { newerBeside, refreshBeside } from './catalogues.ts';
import { checkCopies, type EmbeddedCopy, embedMade } from './embed-in-copy.ts';
import { exitCodeOf } from './exit-code.ts';
import { findInputs } from './find-inputs.ts';
import { refusedKeyNotes } from './keys/key-doubt.ts';
import { isSecret, refuseKey } from './keys/refuse-key.ts';
import { openClient } from './open-client.ts';
import { openHistory } from './open-history.ts';
import { askPrice } from './price-question.ts';
import type { Settings } from './settings.ts';
import { listenForPictures } from './signals/interrupt-pictures.ts';
import { openMade } from './view/open-viewer.ts';
import { openView, previewText, previewWord, showPartials, showPreview, unseenPartials } from './view/preview.ts';

/** What is to be made. */
export interface Order extends Resolved {
  readonly prompt: string;
  readonly settings: Settings;
  /** How the prompt was sent, where it is asked again. */
  readonly recorded?: RecordedPrompt;
  /** How partial pictures are shown, where they are asked for. */
  readonly view?: Protocol;
}

/**
 * Makes the pictures of an order, or shows what would be sent, and returns the exit code. `prompt`: what is known of it before
 * the order is read. Throws only what is a defect of ours.
 */
export async function makePictures(prompt: string, flags: MakeFlags, readOrder: () => Promise<Order>): Promise<number> {
  let order: Order | undefined;
  try {
    refuseKey(prompt);
    const read = await readOrder();
    order = read;
    refuseKey(read.prompt);
    if (!flags.quiet) for (const line of order.notes) sayNote(line);
    const word = previewWord(flags, order.settings);
    const { output, ...others } = flags;
    const pipe = await pipedOutput(output, { n: pictureCount(order.words), json: flags.json ?? false });
    const known = pipe ? others : flags;
    const target = await checkTarget(order, known);
    if (flags.embed) await checkCopies(target, pictureCount(order.words), pipe !== undefined);
    order = await withView({ ...read, words: await findInputs(read.words, read.settings) }, word, flags);
    const request = await openRequest(order);
    if (flags.dryRun) return await showPlan(order, request, flags);
    if (!flags.yes) await askPrice({ models: order.named.models, request, settings: order.settings });
    return await carryOut(order, request, target, known, pipe);
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    const told = order ? tellOrigin(error, order.settings, order.named) : error;
    if (flags.json) printDocument(failureDocument(told, isSecret(prompt) ? undefined : prompt));
    sayError(told);
    return 2;
  }
}

/** Nobody pays for partial pictures that nobody sees. */
async function withView(order: Order, word: PreviewWord, { quiet }: MakeFlags): Promise<Order> {
  if (!order.words.partials) return order;
  const view = await openView(word);
  if (view) return { ...order, view };
  if (!quiet) sayNote(unseenPartials);
  return { ...order, words: omit(order.words, 'partials') };
}

function checkTarget({ words, settings }: Order, { output, force }: MakeFlags): Promise<OutputTarget> {
  return checkOutput({
    folder: settings.outputFolder,
    n: pictureCount(words),
    ...(output !== undefined && { output }),
    ...(force && { force }),
  });
}

/** The request as core takes it, with what its paths lead to where core does not read them itself. */
async function openRequest({ prompt, words, limits }: Order): Promise<ClientRequest> {
  const { note, ...inputs } = await openInputs(words, limits?.options);
  if (note !== undefined) sayNote(note);
  return { ...words, ...inputs, prompt };
}

async function showPlan(
  { settings, recorded, named }: Order,
  request: ClientRequest,
  flags: MakeFlags,
): Promise<number> {
  const client = openClient(settings, { recorded });
  const endRefresh = refreshBeside(named.models, settings, client);
  try {
    const plan = await client.plan(request);
    if (flags.json) printDocument(planDocument(plan, request.prompt ?? ''));
    else {
      // What the text model wrote is known already.
      const told = recorded?.written ? { ...request, enhance: false } : request;
      note(planText(plan, told, paintFor(process.stderr)));
    }
    return 0;
  } finally {
    await endRefresh();
    await client.close();
  }
}

async function carryOut(
  order: Order,
  request: ClientRequest,
  target: OutputTarget,
  flags: MakeFlags,
  pipe: PipedOutput | undefined,
): Promise<number> {
  const { prompt, words, settings, named, recorded, view } = order;
  const total = pictureCount(words);
  const states = new PictureStates(total);
  const history = openHistory(settings);
  const store = fileImageStore({
    target,
    home: settings.home,
    request: describeRequest({ prompt, ...words }),
    history,
  });
  const output = flags.output !== undefined && { output: { target, count: total } };
  const client = openClient(settings, { store, recorded, maxImageBytes: flags.maxImageBytes, ...output });
  const { interrupt, listeners } = listenForPictures(states);
  const partials = view && (await showPartials(view, total));
  const live = flags.quiet
    ? undefined
    : startLivePictures(process.stderr, [liveAbout(order, states)], { below: (room) => partials?.below(room) });
  const onProgress: RunOptions['onProgress'] = (progress, index, call) => {
    listeners[0]!(progress, index, call);
    if ('partial' in progress) partials?.take(call.first + progress.index, progress.partial);
  };
  const endRefresh = refreshBeside(named.models, settings, client);
  const endUpdate = newerBeside(named.models, settings);
  try {
    const { signal, stopSending } = interrupt;
    const made = await client.run({ ...request, onProgress, signal, stopSending });
    const outcome = tellOrigins(made, settings, named);
    await store.noted();
    const paths = pathsOf(outcome);
    const tiles = paths.map((picture) => ({ picture }));
    // Partial pictures stay until the finished ones can take their place.
    const preview = view && (await previewText(tiles, view, signal));
    live?.stop();
    if (preview !== undefined) process.stderr.write(preview);
    else await showPreview(tiles, previewWord(flags, settings), signal);
    const { force = false, quiet = flags.json ?? false } = flags;
    const copies = flags.embed && (await embedMade(paths, { force, quiet, history }, settings));
    report(outcome, store, flags, pipe, copies);
    if (flags.open) await openMade(paths);
    for (const line of refusedKeyNotes(outcome.errors, settings)) sayNote(line);
    const isPiped = await sendTo(pipe, outcome, interrupt.signal);
    if (!flags.model && !settings.modelChosen && !flags.quiet) advise(settings);
    const isWhole = isPiped && !copies?.some(({ path }) => path === null);
    return interrupt.exitCode ?? (isWhole ? exitCodeOf(outcome) : 3);
  } finally {
    live?.stop();
    await Promise.all([endRefresh(), endUpdate()]);
    await client.close();
    await history.close();
    interrupt.stop();
  }
}

/** How many pictures are expected; what is no such number core refuses. */
function pictureCount({ n }: ClientRequest): number {
  return Number.isInteger(n) ? Math.min(100, n!) : 1;
}

function liveAbout({ words, settings }: Order, states: PictureStates): LiveAbout {
  const [title = ''] = [words.model ?? []].flat();
  return { title, states, latencyOf: (model) => findModel(settings.providers, model)?.row.latencyMs };
}

function pathsOf({ images }: Outcome): readonly string[] {
  return images.flatMap(({ path = [] }) => path);
}

/** Where the bytes go to a pipe, stdout may be that: the path is told beside it. */
function report(
  outcome: Outcome,
  store: FileImageStore,
  flags: MakeFlags,
  pipe: PipedOutput | undefined,
  embedded: readonly EmbeddedCopy[] | undefined,
): void {
  if (flags.json) printDocument({ ...outcomeDocument(outcome, store), ...(embedded && { embedded }) });
  else if (pipe) for (const { path = '' } of outcome.images) note(shownPath(path));
  else printPaths(outcome);
  // Of pictures that are here, quiet says no more than where.
  sayOutcome(flags.quiet ? { ...outcome, images: [] } : outcome, store);
}

/** Whether the picture, if there is one, went where it was to go. */
async function sendTo(
  pipe: PipedOutput | undefined,
  { images: [image] }: Outcome,
  signal: AbortSignal,
): Promise<boolean> {
  if (!pipe || !image) return true;
  try {
    await pipe.send(image, signal);
    return true;
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    sayError(error);
    return false;
  }
}

function advise({ providers, shownEnv }: Settings): void {
  const advice = adviceFor(providers, shownEnv);
  if (advice) sayNote(advice);
}
