// What is known of a picture, for a person.

import { cleanText, type Money } from '@anyimage/core';
import {
  duration,
  type ManifestFacts,
  money,
  type PictureRecord,
  pictureText,
  timeText,
  valueText,
} from '@anyimage/host';
import { appliedText, shownPath, warningText } from '../outcome-text.ts';
import { linesBeside } from '../terminal/list-lines.ts';
import type { Paint } from '../terminal/paint.ts';
import { columnsOf, pad, wrapLines } from '../terminal/wrap.ts';
import { translated, translatedAmount } from '../words/translated.ts';

/** A record, and what the file says itself. */
export type ShownRecord = PictureRecord & {
  readonly c2pa?: ManifestFacts | undefined;
  /** What wrote it into the file, where nothing else tells it. */
  readonly inFile?: { readonly software: string };
};

/** Lines without a final line break; on a terminal no wider than it. */
export function recordText(record: ShownRecord, paint: Paint, columns = columnsOf(process.stdout)): string {
  const { path, sidecar, changed, gone, foundAt, c2pa, inFile } = record;
  const { prompt, revisedPrompt, model, seed, request, cost, pictures, timings, createdAt } = sidecar;
  const { width, sourceUrl, expiresAt, callCost } = sidecar;
  const asked = Object.entries(request ?? {}).filter(([word]) => !['prompt', 'model', 'seed'].includes(word));
  const entries: (readonly [string, string] | undefined | false)[] = [
    ['prompt', prompt.original],
    prompt.sent !== prompt.original && ['sent as', prompt.sent],
    revisedPrompt !== undefined && ['drawn from', revisedPrompt],
    ['model', model],
    seed !== undefined && ['seed', `${seed}`],
    asked.length > 0 && ['asked', asked.map(([word, value]) => `${word} ${valueText(value)}`).join(', ')],
    width !== undefined && ['picture', pictureText(sidecar)],
    cost !== undefined && ['cost', costText(cost, pictures)],
    callCost !== undefined && [
      'call cost',
      translated('{price} for all pictures of the call', { price: translatedAmount(money(callCost)) }),
    ],
    timings && ['took', duration(timings.totalMs)],
    createdAt !== undefined && ['date', timeText(Date.parse(createdAt))],
    sourceUrl !== undefined && [
      'source',
      expiresAt ? `${sourceUrl} ${translated('(until {time})', { time: timeText(Date.parse(expiresAt)) })}` : sourceUrl,
    ],
    c2pa && ['c2pa', manifestText(c2pa)],
    foundAt !== undefined && ['sidecar', shownPath(foundAt)],
    inFile && ['told by', translated('the file itself: {software} (not verified)', { software: inFile.software })],
  ];
  const remarks = [
    ...(sidecar.applied ?? []).map((one) => appliedText(one, paint)),
    ...(sidecar.warnings ?? []).map(({ message }) => warningText(message, paint)),
    ...(gone ? [warningText(translated('the picture is gone; anyimage again makes it again'), paint)] : []),
    ...(changed ? [warningText(translated('the file is not the one that was made: its bytes are others'), paint)] : []),
  ];
  return [
    paint('title', wrapLines(cleanText(shownPath(path)), columns)),
    ...entries
      .filter((entry) => entry !== undefined && entry !== false)
      .flatMap(([title, text]) => beside(translated(title), cleanText(text), paint, columns)),
    ...remarks.map((line) => wrapLines(line, columns)),
  ].join('\n');
}

function manifestText({ present, generator }: ManifestFacts): string {
  if (!present) return translated('no manifest in the file');
  return generator === undefined
    ? translated('a manifest is in the file (not verified)')
    : translated('a manifest of {generator} is in the file (not verified)', { generator });
}

function costText(cost: readonly Money[] | null, pictures = 1): string {
  const price = translatedAmount(money(cost));
  return pictures > 1 ? translated('{price} for {count} pictures', { price, count: pictures }) : price;
}

/** The lines of a prompt stay lines. */
function beside(title: string, text: string, paint: Paint, columns: number): string[] {
  const beginning = `  ${paint('quiet', pad(title, titles))} `;
  return linesBeside({ title: beginning, above: [`  ${paint('quiet', title)}`] }, text.split('\n'), columns);
}

/** Columns of the titles. */
const titles = 11;
