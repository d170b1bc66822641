// What holds for this server: what the person has set up for all of anyimage, and what only a server needs.

import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { type Environment, type Settings as HostSettings, loadSettings, type OnNotice } from '@anyimage/host';

export interface Settings extends HostSettings {
  /** Folders that input pictures may come from, besides the output folder. */
  readonly roots: readonly string[];
  /** How long a call waits for its pictures, s. */
  readonly waitSeconds: number;
}

export interface ServerSettingsOptions {
  /** Default `process.env`. */
  readonly env?: Environment;
  /** Where the server was started, whose project counts; default the current folder. */
  readonly folder?: string;
  /** Called, once for each key, when the keychain does not give it. */
  readonly onNotice?: OnNotice;
}

const defaultWaitSeconds = 45;

/**
 * The settings of host's `loadSettings`, and `ANYIMAGE_ROOTS` (folders, separated as in `PATH`) and `ANYIMAGE_WAIT_SECONDS`
 * (default 45: clients often give up after 60). Throws `config` for a mistake in a config, `storage`.
 */
export async function readSettings(options: ServerSettingsOptions = {}): Promise<Settings> {
  const { env = process.env } = options;
  const settings = await loadSettings(options);
  const wait = Number(env.ANYIMAGE_WAIT_SECONDS?.trim() || defaultWaitSeconds);
  return {
    ...settings,
    outputFolder: outputFolder(settings),
    roots: (env.ANYIMAGE_ROOTS ?? '')
      .split(delimiter)
      .map((root) => root.trim())
      .filter(Boolean)
      .map((root) => resolve(root)),
    waitSeconds: wait >= 0 ? wait : defaultWaitSeconds,
  };
}

/** Clients start servers anywhere, often where nothing may be written, so pictures do not go to the folder of the start. */
function outputFolder({ home, layers, outputFolder }: HostSettings): string {
  const layer = layers.find(({ values }) => values.has('output'));
  if (!layer) return join(home, 'pictures');
  const output = String(layer.values.get('output')!.value);
  return layer.kind === 'user' && !/^~(?=[\\/]|$)/.test(output) && !isAbsolute(output)
    ? resolve(home, output)
    : outputFolder;
}
