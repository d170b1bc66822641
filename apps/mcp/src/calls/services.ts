// What the tools share while the server runs. Loaded with the first call of a tool.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeUnseen, type TicketStore } from '@anyimage/core';
import {
  discardParts,
  type Environment,
  fileTicketStore,
  findProjectConfig,
  homeFolder,
  type Notice,
  noticeText,
  openHistory,
  userConfigPath,
} from '@anyimage/host';
import { type Calls, createCalls } from './calls.ts';
import { readSettings, type Settings } from './settings.ts';

export interface Services {
  readonly settings: Settings;
  readonly tickets: TicketStore;
  readonly calls: Calls;
  /** What the person should know of their settings. Each note is given once. */
  takeNotes(): readonly string[];
  /** Whether a config, a stored key or what is trusted changed since the settings were read. */
  isStale(): Promise<boolean>;
  /** Ends all calls, leaving their tickets on disk. Never rejects. */
  close(): Promise<void>;
}

export interface ServicesSource {
  /**
   * The services, with the settings as they are now; with the earlier settings while pictures are being made. Throws `config` for a
   * mistake in a config, and `storage`; the next call tries again.
   */
  get(): Promise<Services>;
  /** Closes all that was opened. Never rejects. */
  close(): Promise<void>;
}

/** Reads nothing yet. However the process ends, it leaves no half picture. */
export function servicesSource(env: Environment = process.env): ServicesSource {
  const opened: Services[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  process.once('exit', discardParts);

  async function current(): Promise<Services> {
    const newest = opened.at(-1);
    if (newest && (newest.calls.running().length > 0 || !(await newest.isStale()))) return newest;
    const fresh = await openServices(env);
    opened.push(fresh);
    return fresh;
  }

  return {
    // One after the other, so that all who ask at the same time get the same services.
    get() {
      const next = turn.then(current);
      turn = next.catch(() => {});
      return next;
    },
    async close() {
      await turn;
      await Promise.all(opened.map((services) => services.close()));
    },
  };
}

/** Opens no keychain. With ANYIMAGE_DEBUG, what core does is told on stderr. */
async function openServices(env: Environment): Promise<Services> {
  const home = homeFolder(env);
  const before = await filesState(home);
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  const tell = (notice: Notice) => say(`anyimage-mcp: ${noticeText(notice).text}`);
  const notes: string[] = [];
  const settings = await readSettings({ env, onNotice: (notice) => notes.push(noticeText(notice).text) });
  notes.unshift(...settings.notes);
  const tickets = fileTicketStore(join(home, 'tickets'), { onNotice: tell });
  const history = openHistory(home, { onNotice: tell });
  const calls = createCalls({
    settings,
    tickets,
    history,
    ...(env.ANYIMAGE_DEBUG && { log: (event, facts) => say(`${event} ${escapeUnseen(JSON.stringify(facts ?? {}))}`) }),
  });
  return {
    settings,
    tickets,
    calls,
    takeNotes: () => notes.splice(0),
    isStale: async () => (await filesState(home)) !== before,
    async close() {
      await calls.close();
      await history.close().catch(() => {});
      await tickets.close();
    },
  };
}

/** A text that changes whenever a file changes that settings are read from. */
async function filesState(home: string): Promise<string> {
  const project = await findProjectConfig('.');
  const own = [userConfigPath(home), join(home, 'keys.json'), join(home, 'trust.json')];
  const states = [...own, ...(project === undefined ? [] : [project])].map(async (path) => {
    const found = await stat(path).catch(() => undefined);
    return found ? [path, found.mtimeMs, found.size, found.ino].join() : '';
  });
  return (await Promise.all(states)).join('\n');
}
