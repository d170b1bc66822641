import { join } from 'node:path';
import {
  checkOutput,
  countText,
  fileTicketStore,
  latePictures,
  listOpen,
  noticeText,
  openHistory,
} from '@anyimage/host';
import { isUndecidable } from '../print/outcome-text.ts';
import { sayNotice } from '../print/say.ts';
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
      if (notice.kind === 'index-rebuilt') rebuilt = `; its index ${notice.reason} and was made anew`;
      else if (notice.kind === 'picture-skipped') rebuilt += `, without ${notice.path} (${notice.reason})`;
      else sayNotice(notice);
    },
  });
  try {
    const count = await history.count();
    const { paths } = await latePictures(home);
    const message = `${countText(count, 'picture')}${rebuilt}`;
    if (paths.length === 0) return { name: 'history', state: rebuilt ? 'note' : 'ok', message };
    return {
      name: 'history',
      state: 'warning',
      message: `${message}; ${paths.length} more could not be added yet, such as ${paths[0]}`,
      hint: 'Unless another program is just adding them, anyimage history --rebuild reads their sidecars again.',
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
      ? { name: 'tickets', state: 'ok', message: 'none open' }
      : {
          name: 'tickets',
          state: 'note',
          message: `${open.length} open`,
          hint: open.every(isUndecidable)
            ? 'Whether the service took them is unknown: look at the account, then anyimage jobs drop.'
            : 'anyimage jobs resume fetches the pictures.',
        };
  return [summary, ...damaged];
}
