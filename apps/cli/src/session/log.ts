// What is told of the work itself: on stderr with --verbose, as lines of JSON in the file of --log-file. No key, and no prompt.

import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { escapeUnseen, ImageError, type Json } from '@anyimage/core';
import { expandHome, isoTime, storageError } from '@anyimage/host';
import { note } from '../print/terminal/output.ts';
import { paintFor } from '../print/terminal/paint.ts';
import { translated } from '../print/words/translated.ts';
import type { Settings } from './settings.ts';

type Log = (event: string, facts?: Json) => void;

/** Where the settings want it, or nothing. Throws `storage` for a file that cannot be written: before anything is sent. */
export function logTo({ env }: Settings): { readonly log?: Log } {
  const isVerbose = !!env.ANYIMAGE_VERBOSE || !!env.ANYIMAGE_DEBUG;
  const path = env.ANYIMAGE_LOG_FILE?.trim();
  const logs = [...(isVerbose ? [tell] : []), ...(path ? [appendTo(resolve(expandHome(path)))] : [])];
  if (logs.length === 0) return {};
  return {
    log: (event, facts) => {
      for (const log of logs) log(event, facts);
    },
  };
}

const arrows: Readonly<Record<string, string>> = { request: '→', answer: '←' };

/** `→ POST api.example.com/v1/images {"model":"boat-1"}` */
function tell(event: string, facts: Json = {}): void {
  const { method, host, path, status, body, ...others } = facts as { readonly [name: string]: Json };
  const rest = body === undefined ? others : body;
  const arrow = arrows[event];
  const what = arrow ? [arrow, method ?? status, `${host ?? ''}${path ?? ''}`] : [event];
  const shown = arrow ? rest : facts;
  const text = [...what, JSON.stringify(shown)].filter((part) => part !== undefined && part !== '{}').join(' ');
  note(paintFor(process.stderr)('quiet', escapeUnseen(text)));
}

const files = new Map<string, Log>();

function appendTo(path: string): Log {
  const known = files.get(path);
  if (known) return known;
  const fd = open(path);
  let isBroken = false;
  const log: Log = (event, facts = {}) => {
    if (isBroken) return;
    const line = { time: isoTime(Date.now()), event, ...(facts as { readonly [name: string]: Json }) };
    try {
      writeSync(fd, `${escapeUnseen(JSON.stringify(line))}\n`);
    } catch (error) {
      // The pictures are worth more than what is told of them.
      isBroken = true;
      const { message } = storageError(error, `write ${path}`, path);
      note(translated('the log ends here: {reason}', { reason: message }));
    }
  };
  files.set(path, log);
  return log;
}

/** A file that holds something else is no log: lines at the end of a picture would damage it. */
function open(path: string): number {
  try {
    const fd = openSync(path, 'a+', 0o600);
    const first = Buffer.alloc(1);
    if (!fstatSync(fd).isFile() || readSync(fd, first, 0, 1, 0) === 0 || first.toString() === '{') return fd;
    closeSync(fd);
  } catch (error) {
    throw storageError(error, `write the log ${path}`, path);
  }
  throw new ImageError('storage', `${path} is no log: it begins with something else than a line of JSON`, {
    details: { option: 'log-file', path },
    hint: 'Name another file; it is made if it is not there.',
  });
}
