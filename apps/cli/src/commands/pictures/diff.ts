// anyimage diff boat.png last

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageError, messageOf, omit } from '@anyimage/core';
import {
  checkOutput,
  comparePixels,
  findRecord,
  formatOfPath,
  type History,
  makeContactSheet,
  type PixelComparison,
  pictureId,
  placeOfPath,
  writePicture,
} from '@anyimage/host';
import { shownPath } from '../../print/outcome-text.ts';
import {
  differencesOf,
  differenceText,
  percentText,
  type Side,
  sideLabel,
} from '../../print/records/difference-text.ts';
import { sayWarning } from '../../print/say.ts';
import { print } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { openHistory } from '../../session/open-history.ts';
import { readSettings } from '../../session/settings.ts';

interface DiffFlags {
  readonly output?: string;
  readonly force?: true;
  readonly json?: true;
}

/** Tells what two pictures have not in common, and returns the exit code. Throws `invalid-request`, `not-found`, `storage`. */
export async function diff(first: string, second: string, flags: DiffFlags): Promise<number> {
  const target = flags.output === undefined ? undefined : await checkSheet(flags.output, flags.force ?? false);
  const settings = await readSettings();
  const history = openHistory(settings);
  try {
    const sides = [await sideOf(first, history), await sideOf(second, history)] as const;
    const pixels = await comparePixels(sides[0].path, sides[1].path).catch(problemOf);
    const sheet = target && (await writePicture(target, await drawSheet(sides, pixels), settings.home));
    if (flags.json) printDocument(documentOf(sides, pixels, sheet));
    else {
      print(differenceText(sides, pixels, paintFor(process.stdout)));
      if (sheet !== undefined) print(shownPath(sheet));
    }
    return 0;
  } finally {
    await history.close();
  }
}

/** A picture that is there, with what is known of it. Throws `not-found` for one that is not. */
async function sideOf(name: string, history: History): Promise<Side> {
  try {
    const { path, sidecar, gone, changed } = await findRecord(name, history);
    if (gone)
      throw new ImageError('not-found', `${path} is gone: only what is known of it is left`, { details: { path } });
    return { path, ...(!changed && { sidecar }) };
  } catch (error) {
    const path = ImageError.isInstance(error) && error.code === 'not-found' ? placeOfPath(name) : undefined;
    // A picture that nobody knows can be looked at all the same.
    if (path !== undefined && formatOfPath(path) && /^nothing is known/.test(messageOf(error))) return { path };
    throw error;
  }
}

function problemOf(error: unknown): { readonly problem: string } {
  return { problem: messageOf(error).split('\n')[0]! };
}

/** Where the sheet goes, checked before anything is read. Throws `invalid-request` for what is no png, `storage`. */
async function checkSheet(given: string, force: boolean) {
  const target = await checkOutput({ output: given, force });
  const { file } = target;
  if (file?.format === 'png') return { ...target, file };
  throw new ImageError('invalid-request', `${given} is no name of a png, which diff writes`, {
    details: { option: 'output', asked: given },
    hint: 'End the name in .png.',
  });
}

/** Both beside each other, and what is otherwise, where that can be told. */
async function drawSheet(
  sides: readonly [Side, Side],
  pixels: PixelComparison | { readonly problem: string },
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'anyimage-diff-'));
  try {
    const tiles = sides.map((side) => ({ path: side.path, label: sideLabel(side) }));
    if ('changed' in pixels) {
      const marked = join(folder, 'marked.png');
      await writeFile(marked, await pixels.marked());
      tiles.push({ path: marked, label: ['what differs', `${percentText(pixels.changed)} of the pixels`] });
    }
    const { bytes, isLabelled } = await makeContactSheet(tiles, { side: sheetSide(sides) });
    if (!isLabelled) sayWarning('no font is here: the sheet has no labels');
    return bytes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Small pictures are not lost in large tiles. */
function sheetSide(sides: readonly Side[]): number {
  const lengths = sides.flatMap(({ sidecar }) => [sidecar?.width ?? mostSide, sidecar?.height ?? mostSide]);
  return Math.min(mostSide, Math.max(leastSide, ...lengths));
}

/** px */
const leastSide = 200;
const mostSide = 512;

function documentOf(
  sides: readonly [Side, Side],
  pixels: PixelComparison | { readonly problem: string },
  sheet: string | undefined,
) {
  const [a, b] = sides.map(({ path, sidecar }) => ({
    path,
    known: sidecar !== undefined,
    ...(sidecar?.sha256 !== undefined && { picture: pictureId(sidecar.sha256) }),
  }));
  const both = sides[0].sidecar && sides[1].sidecar ? differencesOf(sides[0].sidecar, sides[1].sidecar) : null;
  const compared = 'changed' in pixels ? omit(pixels, 'marked') : pixels;
  return { a, b, words: both, pixels: compared, sheet: sheet ?? null };
}
