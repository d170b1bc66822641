// What holds for this server: what the person has set up for all of anyimage, and what only a server needs.

import { delimiter, join } from 'node:path';
import { ImageError, isUnfilled, quotedWord } from '@anyimage/core';
import {
  type Environment,
  type Settings as HostSettings,
  loadSettings,
  type OnNotice,
  parseNumber,
  placeOfPath,
  rangeText,
} from '@anyimage/host';
import { waitRange } from './wait-range.ts';

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
 * (0 to 3600, default 45: clients often give up after 60). Throws `config` for a mistake in a config or in that time, `storage`.
 */
export async function readSettings(options: ServerSettingsOptions = {}): Promise<Settings> {
  const { env = process.env } = options;
  const settings = await loadSettings(options);
  return {
    ...settings,
    outputFolder: outputFolder(settings),
    // What stands for something else may hold the sign that parts folders.
    roots: (env.ANYIMAGE_ROOTS ?? '')
      .replace(/\$\{[^}]*\}/g, '${}')
      .split(delimiter)
      .map((root) => root.trim())
      .filter((root) => root !== '' && !isUnfilled(root))
      .map((root) => placeOfPath(root)),
    waitSeconds: waitSeconds(env),
  };
}

/** Throws `config` for what is no such time: a wait that is not what was meant makes a client ask, and pay, twice. */
function waitSeconds({ ANYIMAGE_WAIT_SECONDS: text = '' }: Environment): number {
  if (text.trim() === '' || isUnfilled(text)) return defaultWaitSeconds;
  const seconds = parseNumber(text, waitRange);
  if (seconds !== undefined) return seconds;
  throw new ImageError('config', `ANYIMAGE_WAIT_SECONDS must be ${rangeText(waitRange)} (got ${quotedWord(text)})`, {
    details: { option: 'ANYIMAGE_WAIT_SECONDS' },
    hint: 'Correct it in the configuration of the client, and start the server again.',
  });
}

/** Clients start servers anywhere, often where nothing may be written, so pictures do not go to the folder of the start. */
function outputFolder({ home, layers, outputFolder }: HostSettings): string {
  return layers.some(({ values }) => values.has('output')) ? outputFolder : join(home, 'pictures');
}
