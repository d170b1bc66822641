// From a request to pictures and an exit code: what making and making again share.

import { type ClientRequest, ImageError, type Outcome } from '@anyimage/core';
import { checkOutput, type FileImageStore, fileImageStore, findModel, type OutputTarget } from '@anyimage/host';
import { failureDocument, outcomeDocument, planDocument } from '../print/document.ts';
import { type LiveLine, startLiveLine } from '../print/live-line.ts';
import { noteText, outcomeText, shownPath } from '../print/outcome-text.ts';
import { planText } from '../print/plan-text.ts';
import { printError } from '../print/print-error.ts';
import { note, print, printDocument } from '../print/terminal/output.ts';
import { paintFor } from '../print/terminal/paint.ts';
import type { MakeFlags } from '../request/flags.ts';
import { withPipes } from '../request/input-pipes.ts';
import { withOptionFiles } from '../request/option-files.ts';
import type { RecordedPrompt } from '../request/prompt-again.ts';
import { describeRequest, type ResolvedRequest } from '../request/resolve.ts';
import { adviceFor } from './advice.ts';
import { exitCodeOf } from './exit-code.ts';
import { listenForInterrupt } from './interrupt.ts';
import { openClient } from './open-client.ts';
import { openHistory } from './open-history.ts';
import type { Settings } from './settings.ts';

/** What is to be done, once the settings are read. */
export interface Wish {
  readonly request: ResolvedRequest;
  readonly settings: Settings;
  /** How its prompt was sent, where it is asked again. */
  readonly recorded?: RecordedPrompt;
}

/** Makes the pictures of a wish and returns the exit code. Throws only what is a defect of ours. */
export async function runWish(prompt: string, flags: MakeFlags, wish: () => Promise<Wish>): Promise<number> {
  try {
    const { request, ...rest } = await wish();
    const { notes = [], ...words } = request;
    for (const line of notes) note(noteText(line, paintFor(process.stderr)));
    const wished = { request: words, ...rest };
    return await (flags.dryRun ? showPlan(wished, flags) : makePictures(wished, flags));
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    if (flags.json) printDocument(failureDocument(error, prompt));
    printError(error);
    return 2;
  }
}

async function showPlan({ request, settings, recorded }: Wish, flags: MakeFlags): Promise<number> {
  await checkTarget(request, settings, flags);
  const client = openClient(settings, { recorded });
  try {
    const plan = await client.plan(await withFiles(request, settings));
    if (flags.json) printDocument(planDocument(plan, request.prompt ?? ''));
    else {
      // What the text model wrote is known already.
      const told = recorded?.written ? { ...request, enhance: false } : request;
      note(planText(plan, told, paintFor(process.stderr)));
    }
    return 0;
  } finally {
    await client.close();
  }
}

async function makePictures({ request, settings, recorded }: Wish, flags: MakeFlags): Promise<number> {
  const total = pictureCount(request);
  const target = await checkTarget(request, settings, flags);
  const sent = await withFiles(request, settings);
  let live: LiveLine | undefined;
  const history = openHistory(settings);
  const store = fileImageStore({
    target,
    home: settings.home,
    request: describeRequest(request),
    history,
    onSaved: () => live?.made(),
  });
  const output = flags.output !== undefined && { output: { target, count: total } };
  const client = openClient(settings, { store, recorded, ...output });
  const interrupt = listenForInterrupt();
  try {
    live = startLiveLine(process.stderr, liveFacts(request, settings, total));
    const onProgress = live.report;
    const outcome = await client.run({ ...sent, onProgress, signal: interrupt.signal });
    live.stop();
    report(outcome, store, flags);
    if (!flags.model && !settings.modelChosen) advise(settings);
    return interrupt.exitCode ?? exitCodeOf(outcome);
  } finally {
    live?.stop();
    await client.close();
    await history.close();
    interrupt.stop();
  }
}

function checkTarget(request: ClientRequest, settings: Settings, { output, force }: MakeFlags): Promise<OutputTarget> {
  return checkOutput({
    folder: settings.outputFolder,
    n: pictureCount(request),
    ...(output !== undefined && { output }),
    ...(force && { force }),
  });
}

/** The request with what its paths lead to, where core does not read them itself. */
async function withFiles(request: ClientRequest, settings: Settings): Promise<ClientRequest> {
  return withPipes(await withOptionFiles(request, settings));
}

/** How many pictures are expected; what is no such number core refuses. */
function pictureCount({ n }: ClientRequest): number {
  return Number.isInteger(n) ? Math.min(100, n!) : 1;
}

function liveFacts({ model }: ClientRequest, { providers }: Settings, total: number) {
  const name = [model ?? []].flat()[0] ?? '';
  const latencyMs = findModel(providers, name)?.row.latencyMs;
  return { model: name, total, ...(latencyMs && { latencyMs }) };
}

function report(outcome: Outcome, store: FileImageStore, flags: MakeFlags): void {
  if (flags.json) printDocument(outcomeDocument(outcome, store));
  else for (const { path } of outcome.images) if (path !== undefined) print(shownPath(path));
  const text = outcomeText(outcome, paintFor(process.stderr), store);
  if (text) note(text);
}

function advise({ providers, shownEnv }: Settings): void {
  const advice = adviceFor(providers, shownEnv);
  if (advice) note(noteText(advice, paintFor(process.stderr)));
}
