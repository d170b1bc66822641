import { join } from 'node:path';
import { checkOutput, fileTicketStore, latePictures, listOpen, noticeText, openHistory } from '@anyimage/host';
import { isUndecidable } from '../print/outcome-text.ts';
import { sayNotice } from '../print/say.ts';
import { translated, translatedCount } from '../print/words/translated.ts';
import type { Settings } from '../session/settings.ts';
import { type Check, failed } from './check.ts';

/** The folder for pictures, the history and the open tickets. */
export async function checkStorage({ home, outputFolder }: Settings): Promise<Check[]> {
  return [
    await checkFolder(outputFolder),
    await checkHistory(home).catch((error) => failed('history', error)),
    ...(await checkTickets(home).catch((error) => [failed('tickets', error)])),
  ];
}

async function checkFolder(folder: string): Promise<Check> {
  return checkOutput({ folder }).then(
    (): Check => ({ name: 'output', state: 'ok', message: folder }),
    (error) => failed('output', error),
  );
}

async function checkHistory(home: string): Promise<Check> {
  let rebuilt = '';
  const history = openHistory(home, {
    onNotice(notice) {
      if (notice.kind === 'index-rebuilt')
        rebuilt = translated('; its index {reason} and was made anew', { reason: notice.reason });
      else if (notice.kind === 'picture-skipped') {
        const { path, reason } = notice;
        rebuilt += translated(', without {path} ({reason})', { path, reason });
      } else sayNotice(notice);
    },
  });
  try {
    const count = await history.count();
    const { paths } = await latePictures(home);
    const message = `${translatedCount(count, 'picture')}${rebuilt}`;
    if (paths.length === 0) return { name: 'history', state: rebuilt ? 'note' : 'ok', message };
    return {
      name: 'history',
      state: 'warning',
      message:
        message +
        translated('; {count} more could not be added yet, such as {path}', { count: paths.length, path: paths[0]! }),
      hint: translated(
        'Unless another program is just adding them, anyimage history --rebuild reads their sidecars again.',
      ),
    };
  } finally {
    await history.close();
  }
}

async function checkTickets(home: string): Promise<Check[]> {
  const damaged: Check[] = [];
  const store = fileTicketStore(join(home, 'tickets'), {
    onNotice: (notice) => damaged.push({ name: 'tickets', state: 'warning', message: noticeText(notice).text }),
  });
  const open = await listOpen(store);
  const summary: Check =
    open.length === 0
      ? { name: 'tickets', state: 'ok', message: translated('none open') }
      : {
          name: 'tickets',
          state: 'note',
          message: translated('{count} open', { count: open.length }),
          hint: open.every(isUndecidable)
            ? translated('Whether the service took them is unknown: look at the account, then anyimage jobs drop.')
            : translated('anyimage jobs resume fetches the pictures.'),
        };
  return [summary, ...damaged];
}
