// What the tools share while the server runs. Loaded with the first call of a tool.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeUnseen, type Json, type TicketStore } from '@anyimage/core';
import {
  discardParts,
  type Environment,
  fileTicketStore,
  findProjectConfig,
  homeFolder,
  modelsFolder,
  type Notice,
  noticeText,
  openHistory,
  openRequests,
  pluginListPath,
  userConfigPath,
} from '@anyimage/host';
import { CallBook, type CallsOptions } from './call-book.ts';
import { type Calls, createCalls } from './calls.ts';
import { readSettings, type Settings } from './settings.ts';

export interface Services {
  readonly settings: Settings;
  readonly tickets: TicketStore;
  readonly history: CallsOptions['history'];
  readonly calls: Calls;
  /** What the person should know of their settings. Each note is given once. */
  takeNotes(): readonly string[];
}

export interface ServicesSource {
  /**
   * The services, with the settings as they are now; with the earlier settings while pictures are being made. Throws `config` for a
   * mistake in a config, and `storage`; the next call tries again.
   */
  get(): Promise<Services>;
  /**
   * The client is gone: sends nothing more, and brings home what is paid for, as long as the settings say or until `hurry` aborts. Never
   * rejects.
   */
  settle(hurry: AbortSignal): Promise<void>;
  /** Ends all calls, leaving their tickets on disk, and closes all that was opened. Never rejects. */
  close(): Promise<void>;
}

/** What holds by the settings, and by which state of the files they were read. */
interface Reading {
  readonly services: Services;
  readonly state: string;
}

/** Reads nothing yet. However the process ends, it leaves no half picture. `told`: notes besides those of the settings. */
export function servicesSource(env: Environment = process.env, told: readonly string[] = []): ServicesSource {
  const home = homeFolder(env);
  const debug = (event: string, facts?: Json) => say(`${event} ${escapeUnseen(JSON.stringify(facts ?? {}))}`);
  // Opened with the first picture or ticket, and once: neither depends on the settings, and both hold files.
  const tickets = fileTicketStore(join(home, 'tickets'), { onNotice: tell });
  const history = openHistory(home, { onNotice: tell });
  const requests = openRequests(join(home, 'requests'));
  const book = new CallBook({ tickets, requests, history, ...(env.ANYIMAGE_DEBUG && { log: debug }) });
  let reading: Reading | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  process.once('exit', discardParts);

  async function current(): Promise<Services> {
    if (reading && reading.services.calls.running().length > 0) return reading.services;
    const state = await filesState(home);
    if (reading?.state === state) return reading.services;
    const services = await readServices(env, book, told);
    reading?.services.calls.retire();
    reading = { services, state };
    return services;
  }

  return {
    // One after the other, so that all who ask at the same time get the same services.
    get() {
      const next = turn.then(current);
      turn = next.catch(() => {});
      return next;
    },
    async settle(hurry) {
      if (!reading || hurry.aborted) return;
      const { calls, settings } = reading.services;
      const patience = Promise.withResolvers<void>();
      const timer = setTimeout(patience.resolve, settings.graceSeconds * 1000);
      hurry.addEventListener('abort', () => patience.resolve(), { once: true });
      await Promise.race([calls.settle(), patience.promise]);
      clearTimeout(timer);
    },
    async close() {
      await turn;
      await reading?.services.calls.close();
      await history.close().catch(() => {});
      await tickets.close();
    },
  };
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function tell(notice: Notice): void {
  say(`anyimage-mcp: ${noticeText(notice).text}`);
}

/** Opens no keychain. With ANYIMAGE_DEBUG, what core does is told on stderr. */
async function readServices(env: Environment, book: CallBook, told: readonly string[]): Promise<Services> {
  const notes: string[] = [];
  const settings = await readSettings({ env, onNotice: (notice) => notes.push(noticeText(notice).text) });
  notes.unshift(...told, ...settings.notes);
  return {
    settings,
    tickets: book.tickets,
    history: book.history,
    calls: createCalls(book, settings),
    takeNotes: () => notes.splice(0),
  };
}

/** A text that changes whenever a file changes that settings are read from. */
async function filesState(home: string): Promise<string> {
  const project = await findProjectConfig('.');
  const files = [userConfigPath(home), join(home, 'keys.json'), join(home, 'trust.json'), pluginListPath(home)];
  // A file that is written anew is a change of its folder.
  const own = [...files, modelsFolder(home)];
  const states = [...own, ...(project === undefined ? [] : [project])].map(async (path) => {
    const found = await stat(path).catch(() => undefined);
    return found ? [path, found.mtimeMs, found.size, found.ino].join() : '';
  });
  return (await Promise.all(states)).join('\n');
}
