// What the person is told of a batch before anything is sent, and asked.

import { ImageError, type Json } from '@anyimage/core';
import { type BatchJournal, costlyModels, valueText } from '@anyimage/host';
import { batchPlanText, priceText, refusedRowsText } from '../../print/batch-text.ts';
import { failureDocument } from '../../print/document.ts';
import { shownPath } from '../../print/outcome-text.ts';
import { sayError, sayNote } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { columnsOf, wrapLines } from '../../print/terminal/wrap.ts';
import { translated } from '../../print/words/translated.ts';
import { askYes, canAsk } from '../../session/ask.ts';
import { batchPlanDocument, sharedWords } from './batch-document.ts';
import type { CheckedBatch } from './check-batch.ts';
import type { OpenBatch } from './open-batch.ts';

/** What --dry-run shows. Returns the exit code: that of the run, where it would be refused. */
export function showBatch(open: OpenBatch, checked: CheckedBatch, journal: BatchJournal): number {
  const refusal = refusalOf(checked);
  const plan = batchPlanDocument(open, checked);
  if (open.flags.json) printDocument(refusal ? { ...failureDocument(refusal), plan } : { plan });
  tellBatch(open, checked, journal);
  if (refusal) {
    tellRows(checked);
    sayError(refusal);
    return 2;
  }
  note(paintFor(process.stderr)('quiet', `  ${translated('nothing was sent')}`));
  return 0;
}

/** How many pictures of what price are to be made, and what holds for them. */
export function tellBatch(open: OpenBatch, checked: CheckedBatch, { lastRun }: BatchJournal): void {
  const { title: path, folder } = open;
  const text = batchPlanText({ ...checked, path, folder: shownPath(folder) }, paintFor(process.stderr));
  note(wrapLines(text, columnsOf(process.stderr)));
  const changed = lastRun && checked.known.has('done') && changedWords(lastRun.words, sharedWords(open));
  if (changed)
    sayNote(
      translated('what was made before was asked otherwise, and stays as it is: {changes}', { changes: changed }),
    );
}

/** `--size was 512x512, is 1024x1024`; empty if nothing differs. */
function changedWords(before: Json, now: Json): string {
  const [one, other] = [before, now].map((words) => Object(words) as { readonly [word: string]: Json });
  const names = [...new Set([...Object.keys(one!), ...Object.keys(other!)])];
  const differ = names.filter((name) => JSON.stringify(one![name]) !== JSON.stringify(other![name]));
  const text = (value: Json | undefined) => valueText(value ?? null);
  return differ
    .map((name) =>
      translated('{word} was {old}, is {new}', { word: name, old: text(one![name]), new: text(other![name]) }),
    )
    .join(translated('; '));
}

/** Throws `invalid-request` if a row is refused: of a batch that is not right, nothing is sent. */
export function refuseRows(checked: CheckedBatch): void {
  const refusal = refusalOf(checked);
  if (!refusal) return;
  tellRows(checked);
  throw refusal;
}

function tellRows({ problems, refused }: CheckedBatch): void {
  if (problems.length > 0)
    note(wrapLines(refusedRowsText(problems, refused, paintFor(process.stderr)), columnsOf(process.stderr)));
}

function refusalOf({ problems, refused, total }: CheckedBatch): ImageError | undefined {
  const [first] = problems;
  if (!first) return undefined;
  const rows = problems.map(({ line, error: { code, message, hint = '' } }) => ({ line, code, message, hint }));
  const are = refused === 1 ? 'is' : 'are';
  return new ImageError(first.error.code, `${refused} of ${total} rows ${are} refused; nothing was sent`, {
    details: { refused, rows },
    hint: 'Correct them, or take them out, and run the command again.',
  });
}

/** Asks at a terminal whether money may be spent. Throws `budget` on a no. */
export async function agreeToBatch({ settings, flags }: OpenBatch, checked: CheckedBatch): Promise<void> {
  if (flags.yes || settings.config.askPrice === 'never' || !canAsk()) return;
  const { providers, shownEnv: env } = settings;
  const isPriced = checked.cost.some(({ amount }) => amount > 0);
  const isCostly =
    isPriced || (checked.unpriced > 0 && costlyModels([...checked.models.keys()], { providers, env }).length > 0);
  if (!isCostly || checked.toMake === 0) return;
  if (await askYes(translated('Make them for {price}?', { price: priceText(checked) }))) return;
  throw new ImageError('budget', 'nothing was sent: you did not agree to the price', {
    details: { option: 'askPrice' },
    hint: '--budget 5USD sets a limit to a run; -y does not ask.',
  });
}
