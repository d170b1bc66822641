// What the tools share while the server runs. Loaded with the first call of a tool.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeUnseen, type TicketStore } from '@anyimage/core';
import {
  discardParts,
  type Environment,
  fileTicketStore,
  findProjectConfig,
  type History,
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
  readonly history: Pick<History, 'add' | 'list'>;
  readonly calls: Calls;
  /** What the person should know of their settings. Each note is given once. */
  takeNotes(): readonly string[];
}

export interface ServicesSource {
  /**
   * Does `work` with the services, with the settings as they are now; with the earlier settings while pictures are being made. Throws
   * `config` for a mistake in a config, and `storage`; the next call tries again.
   */
  use<T>(work: (services: Services) => Promise<T>): Promise<T>;
  /** Ends all calls, leaving their tickets on disk, and closes all that was opened. Never rejects. */
  close(): Promise<void>;
}

/** Reads nothing yet. However the process ends, it leaves no half picture. */
export function servicesSource(env: Environment = process.env): ServicesSource {
  const home = homeFolder(env);
  const tell = (notice: Notice) => say(`anyimage-mcp: ${noticeText(notice).text}`);
  // They know nothing of settings: one of each is enough for the life of the server.
  const tickets = fileTicketStore(join(home, 'tickets'), { onNotice: tell });
  const history = openHistory(home, { onNotice: tell });
  const open = new Set<OpenServices>();
  let newest: OpenServices | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  process.once('exit', discardParts);

  async function current(): Promise<OpenServices> {
    if (newest && (newest.calls.running().length > 0 || !(await newest.isStale()))) return newest;
    const fresh = await openServices({ env, home, tickets, history });
    open.add(fresh);
    const old = newest;
    newest = fresh;
    if (old) void closeUnused(old);
    return fresh;
  }

  /** Closes services that newer ones replaced, if nobody uses them any more. */
  async function closeUnused(services: OpenServices): Promise<void> {
    if (services === newest || services.users > 0 || services.calls.running().length > 0) return;
    open.delete(services);
    await services.calls.close();
  }

  return {
    async use(work) {
      // One after the other, so that all who ask at the same time get the same services.
      const next = turn.then(async () => {
        const services = await current();
        services.users += 1;
        return services;
      });
      turn = next.catch(() => {});
      const services = await next;
      try {
        return await work(services);
      } finally {
        services.users -= 1;
        // A client may have stopped waiting for calls that go on.
        const over = services.calls.running().map(({ done }) => done);
        void Promise.all(over).then(() => closeUnused(services));
      }
    },
    async close() {
      await turn;
      await Promise.all([...open].map(({ calls }) => calls.close()));
      await history.close().catch(() => {});
      await tickets.close();
    },
  };
}

interface OpenServices extends Services {
  /** How many use them. */
  users: number;
  /** Whether a config, a stored key or what is trusted changed since the settings were read. */
  isStale(): Promise<boolean>;
}

interface Kept extends Pick<Services, 'tickets' | 'history'> {
  readonly env: Environment;
  readonly home: string;
}

/** Opens no keychain. With ANYIMAGE_DEBUG, what core does is told on stderr. */
async function openServices({ env, home, tickets, history }: Kept): Promise<OpenServices> {
  const before = await filesState(home);
  const notes: string[] = [];
  const settings = await readSettings({ env, onNotice: (notice) => notes.push(noticeText(notice).text) });
  notes.unshift(...settings.notes);
  const calls = createCalls({
    settings,
    tickets,
    history,
    ...(env.ANYIMAGE_DEBUG && { log: (event, facts) => say(`${event} ${escapeUnseen(JSON.stringify(facts ?? {}))}`) }),
  });
  return {
    settings,
    tickets,
    history,
    calls,
    users: 0,
    takeNotes: () => notes.splice(0),
    isStale: async () => (await filesState(home)) !== before,
  };
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
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
