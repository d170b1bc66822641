// What a server heeds of signals, how its config is read, and what memory it may have.

import { setFlagsFromString } from 'node:v8';
import { noticeText } from '@anyimage/host';
import { type ConfigOptions, type GatewaySettings, loadGateway } from '../config/load-config.ts';
import { fail, note } from './say.ts';

/** Reads the config at once, tells its notes, and gives that first; later it is read anew. Throws what is wrong in it. */
export async function loader(options: ConfigOptions): Promise<() => Promise<GatewaySettings>> {
  // The memory for young objects grows under load, to four times this, and is never given back; what pictures need is elsewhere.
  setFlagsFromString('--scavenger-max-new-space-capacity-mb=8');
  const load = () => loadGateway({ ...options, onNotice: (notice) => note(noticeText(notice).text) });
  let first: GatewaySettings | undefined = await load();
  for (const text of first.settings.notes) note(text);
  return async () => {
    const read = first ?? (await load());
    first = undefined;
    return read;
  };
}

interface Server {
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** SIGHUP has it read the config anew; SIGINT and SIGTERM end it, a second one at once. `ending`: what is told then. */
export function untilSignal(server: Server, ending: string): void {
  let isEnding = false;
  const end = (signal: NodeJS.Signals) => {
    if (isEnding) process.exit(130);
    isEnding = true;
    note(`${signal}: ${ending}`);
    void server.close().then(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  process.on('SIGHUP', () => {
    server.reload().then(
      () => note('the config was read anew'),
      (error: unknown) => {
        fail(error);
        process.exitCode = 0;
        note('all stays as it was');
      },
    );
  });
}
