// anyimage doctor

import { cleanText } from '@anyimage/core';
import { homeFolder, loadSettings, type Notice, noticeText } from '@anyimage/host';
import { type Check, failed } from '../../doctor/check.ts';
import { checkMachine } from '../../doctor/machine.ts';
import { checkProviders } from '../../doctor/providers.ts';
import { checkSetup } from '../../doctor/setup.ts';
import { checkStorage } from '../../doctor/storage.ts';
import { checkTables } from '../../doctor/tables.ts';
import { linesBeside } from '../../print/terminal/list-lines.ts';
import { note, print } from '../../print/terminal/output.ts';
import { type Paint, paintFor } from '../../print/terminal/paint.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { columnsOf, pad, width } from '../../print/terminal/wrap.ts';
import { speak, translated, translatedCount } from '../../print/words/translated.ts';

/** Checks everything that can be checked without a request to a service, and returns the exit code: 1 if something cannot work. */
export async function doctor({ json }: { readonly json?: true }): Promise<number> {
  // What programs read is the same in every language.
  if (json) speak(undefined);
  const checks: Check[] = [];
  const paint = paintFor(process.stdout);
  const tell = (found: readonly Check[]) => {
    checks.push(...found);
    if (!json) for (const check of found) print(checkText(check, paint));
  };
  const settings = await loadSettings({
    onNotice: (notice) => tell([{ name: nameOf(notice), state: 'warning', message: noticeText(notice).text }]),
  }).catch((error: unknown) => failed('config', error));
  if ('state' in settings) tell([...(await checkMachine({ env: process.env })), settings]);
  else {
    tell(await checkMachine(settings));
    tell(await checkSetup(settings));
    tell(await checkStorage(settings));
    tell(await checkProviders(settings));
    tell(checkTables(settings));
  }
  const { checkMCP } = await import('../../doctor/mcp.ts');
  tell([await checkMCP({ ...process.env, ANYIMAGE_HOME: homeFolder() })]);
  const errors = checks.filter(({ state }) => state === 'error').length;
  const warnings = checks.filter(({ state }) => state === 'warning').length;
  if (json) printDocument({ checks, errors, warnings });
  else note(summary(errors, warnings));
  return errors > 0 ? 1 : 0;
}

/** What a notice is about that comes while settings are used. */
function nameOf({ kind }: Notice): string {
  return kind === 'models-unread' ? 'tables' : 'key';
}

function summary(errors: number, warnings: number): string {
  if (errors + warnings === 0) return translated('all in order');
  return [errors && translatedCount(errors, 'error'), warnings && translatedCount(warnings, 'warning')]
    .filter(Boolean)
    .join(', ');
}

const marks = { ok: ['good', '✓'], note: ['name', 'i'], warning: ['warning', '!'], error: ['error', '✗'] } as const;

function checkText({ name, state, message, hint }: Check, paint: Paint): string {
  const [role, mark] = marks[state];
  const columns = columnsOf(process.stdout);
  const title = `${paint(role, mark)} ${paint('quiet', pad(translated(name), 10))} `;
  const start = `${' '.repeat(width(title))}${paint('title', translated('try:'))} `;
  return [
    ...linesBeside({ title, above: [title.trimEnd()] }, [cleanText(message)], columns),
    ...(hint ? linesBeside({ title: start, above: [start.trimEnd()] }, [cleanText(hint)], columns) : []),
  ].join('\n');
}
