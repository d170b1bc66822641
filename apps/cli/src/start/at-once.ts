// What is printed without the commands, whose parser takes longer to load than this takes to its end: the version, the help of all.

import manifest from '../../package.json' with { type: 'json' };
import { aboutText, afterText, helpColumns, helpText, listText } from '../print/help-text.ts';
import { print, quietPipes } from '../print/terminal/output.ts';
import { wrap, wrapLines } from '../print/terminal/wrap.ts';
import { translated, useLanguageOf } from '../print/words/translated.ts';
import type { RecordedHelp } from './help-of-all.ts';

/** Written in by build.mjs, as JSON: what `recordHelp` took down. */
declare const RECORDED_HELP: string;

/** Prints the version. */
export function printVersion(): void {
  quietPipes();
  print(manifest.version);
}

/** Prints the help of all. Only for what is bundled. */
export async function printHelp(): Promise<void> {
  quietPipes();
  await useLanguageOf(process.env);
  print(helpOfAll(JSON.parse(RECORDED_HELP)));
}

/** The help of all as the parser lays it out. */
export function helpOfAll(help: RecordedHelp, columns = helpColumns(process.stdout)): string {
  const { usage, description, lists, terms } = help;
  const item = ([term, text, more]: (typeof lists)[number]['items'][number]) =>
    listText([[term, aboutText(text, text + more)]], columns, terms);
  return [
    `${translated('Usage:')} ${wrap(usage, columns - 8, '  ').join('\n')}`,
    wrapLines(translated(description), columns),
    ...lists.map(({ title, items }) => [translated(title), ...items.map(item)].join('\n')),
    afterText(helpText(), columns).replace(/^\n/, ''),
  ].join('\n\n');
}
