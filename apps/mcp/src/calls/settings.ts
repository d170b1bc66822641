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
  /** How long a call waits for its pictures, s; absent: as suits the client. */
  readonly waitSeconds?: number;
  /** How long a server whose client is gone goes on for pictures that are paid for, s. */
  readonly graceSeconds: number;
}

export interface ServerSettingsOptions {
  /** Default `process.env`. */
  readonly env?: Environment;
  /** Where the server was started, whose project counts; default the current folder. */
  readonly folder?: string;
  /** Called, once for each key, when the keychain does not give it. */
  readonly onNotice?: OnNotice;
}

const defaultGraceSeconds = 60;

/**
 * The settings of host's `loadSettings`, and `ANYIMAGE_ROOTS` (folders, separated as in `PATH`), `ANYIMAGE_WAIT_SECONDS` and
 * `ANYIMAGE_GRACE_SECONDS` (0 to 3600). Throws `config` for a mistake in a config or in those times, `storage`.
 */
export async function readSettings(options: ServerSettingsOptions = {}): Promise<Settings> {
  const { env = process.env } = options;
  const settings = await loadSettings(options);
  const waitSeconds = secondsIn('ANYIMAGE_WAIT_SECONDS', env);
  return {
    ...settings,
    outputFolder: outputFolder(settings),
    // What stands for something else may hold the sign that parts folders.
    roots: (env.ANYIMAGE_ROOTS ?? '')
      .replace(/\$\{[^}]*\}/g, '{{}}')
      .split(delimiter)
      .map((root) => root.trim())
      .filter((root) => root !== '' && !isUnfilled(root))
      .map((root) => placeOfPath(root)),
    ...(waitSeconds !== undefined && { waitSeconds }),
    graceSeconds: secondsIn('ANYIMAGE_GRACE_SECONDS', env) ?? defaultGraceSeconds,
  };
}

/** Throws `config` for what is no such time: a wait that is not what was meant makes a client ask, and pay, twice. */
function secondsIn(name: string, { [name]: text = '' }: Environment): number | undefined {
  if (text.trim() === '' || isUnfilled(text)) return undefined;
  const seconds = parseNumber(text, waitRange);
  if (seconds !== undefined) return seconds;
  throw new ImageError('config', `${name} must be ${rangeText(waitRange)} (got ${quotedWord(text)})`, {
    details: { option: name },
    hint: 'Correct it in the configuration of the client, and start the server again.',
  });
}

/** Clients start servers anywhere, often where nothing may be written, so pictures do not go to the folder of the start. */
function outputFolder({ home, layers, outputFolder }: HostSettings): string {
  return layers.some(({ values }) => values.has('output')) ? outputFolder : join(home, 'pictures');
}
