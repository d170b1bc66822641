// anyimage styles film-photo

import { join } from 'node:path';
import { cleanText } from '@anyimage/core';
import { type BrokenStyle, findStyle, listStyles, type NamedStyle, stylesFolder } from '@anyimage/host';
import { entryLines } from '../../print/terminal/entries.ts';
import { print } from '../../print/terminal/output.ts';
import { type Paint, paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { printFooter, printTable } from '../../print/terminal/print-table.ts';
import { columnsOf, wrapLines } from '../../print/terminal/wrap.ts';
import { translated } from '../../print/words/translated.ts';
import { readSettings } from '../../session/settings.ts';

/** Lists the styles, or shows one, and returns the exit code. Throws `not-found`, `storage`, and `config` for a mistake in its file. */
export async function styles(name: string | undefined, { json }: { readonly json?: true }): Promise<number> {
  const settings = await readSettings();
  const found = name === undefined ? await listStyles(settings) : [await findStyle(name, settings)];
  const paint = paintFor(process.stdout);
  if (json) printDocument({ styles: found.map(styleJSON) });
  else if (name !== undefined) print(styleText(found[0] as NamedStyle, paint));
  else {
    printTable([['STYLE', 'FROM', 'ABOUT'], ...found.map((style) => row(style, paint))]);
    printFooter(legend(stylesFolder(settings)));
  }
  return 0;
}

function legend(folder: string): string {
  const form = '{"about": "…", "words": "…", "enhance": "…"}';
  return [
    translated('anyimage styles NAME shows all about one; --style NAME adds its words to the prompt;'),
    translated("--enhance NAME has the service's language model write the prompt in it."),
    translated('Your own, {form}, is {path},', { form, path: join(folder, 'NAME.json') }),
    translated('or only its words: anyimage config set styles.NAME WORDS'),
  ].join('\n');
}

function row(style: NamedStyle | BrokenStyle, paint: Paint): string[] {
  const about = 'error' in style ? paint('error', oneLine(style.error.message)) : translated(oneLine(style.about));
  return [oneLine(style.name), translated(style.from), about];
}

function styleJSON(style: NamedStyle | BrokenStyle) {
  return 'error' in style ? { ...style, error: style.error.toJSON() } : style;
}

/** Lines without a final line break. */
function styleText({ name, from, path, about, words, enhance }: NamedStyle, paint: Paint): string {
  const entries = [
    ['from', path ?? translated(from)],
    ['--style', words],
    ['--enhance', enhance],
  ] as const;
  const lines = entries.map(([title, text]) => [translated(title), oneLine(text)] as const);
  const columns = columnsOf(process.stdout);
  return [
    wrapLines(`${paint('title', name)}  ${translated(oneLine(about))}`, columns),
    ...entryLines(lines, paint),
  ].join('\n');
}

function oneLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ');
}
