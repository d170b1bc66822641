// What it takes to fetch plugins and tables: where they go, whose names are taken, a line while one waits, and Ctrl-C.

import { type AddOptions, loadSettings } from '@anyimage/host';
import { startLiveLine } from '../print/live/live-line.ts';
import { sayNotice } from '../print/say.ts';
import { note } from '../print/terminal/output.ts';
import { translated } from '../print/words/translated.ts';
import { listenForInterrupt } from './signals/interrupt.ts';

export interface PluginDesk {
  readonly options: AddOptions;
  /** Shows a line on a terminal while the work goes on. */
  showing<T>(title: string, work: () => Promise<T>): Promise<T>;
}

/**
 * Does work that can be interrupted, and gives its exit code, or that of the signal. `lastWords`: what is said then. Throws `config`,
 * `storage` and what `work` throws.
 */
export async function atPluginDesk(
  work: (desk: PluginDesk) => Promise<number>,
  lastWords = 'interrupted; nothing was installed',
): Promise<number> {
  const { env, home, config } = await loadSettings({ onNotice: sayNotice });
  const interrupt = listenForInterrupt({ lastWords: () => translated(lastWords) });
  const options = {
    // Stored keys are in no copy of it.
    env: { ...env },
    home,
    folder: process.cwd(),
    inConfig: Object.entries(config.providers ?? {}).flatMap(([id, { kind }]) => (kind === undefined ? [] : [id])),
    signal: interrupt.signal,
  };
  const showing = async <T>(title: string, work: () => Promise<T>) => {
    const live = startLiveLine(process.stderr, title);
    return work().finally(live.stop);
  };
  try {
    return await work({ options, showing });
  } catch (error) {
    if (interrupt.exitCode === undefined) throw error;
    note(translated(lastWords));
    return interrupt.exitCode;
  } finally {
    interrupt.stop();
  }
}
