// anyimage emulate zhipu

import { didYouMean, ImageError, nearest } from '@anyimage/core';
import { errorCode, homeFolder, type KnownEmulator, knownServices, shellWord } from '@anyimage/host';
import { sayNote } from '../../print/say.ts';
import { note, print } from '../../print/terminal/output.ts';
import { paintFor } from '../../print/terminal/paint.ts';
import { translated } from '../../print/words/translated.ts';
import { listenForInterrupt } from '../../session/signals/interrupt.ts';

interface EmulateFlags {
  readonly port?: number;
  readonly key: string;
}

/** Starts an emulator and serves until interrupted. stdout gets the lines to copy, stderr one line for each request. */
export async function emulate(service: string | undefined, { port = 0, key }: EmulateFlags): Promise<number> {
  const { emulators, notes } = await knownServices(homeFolder());
  for (const line of notes) sayNote(line);
  const known = find(service, emulators);
  const factory = await known.load();
  const interrupt = listenForInterrupt();
  try {
    const emulator = await factory.start({ port, key, log: note }).catch((error: unknown) => {
      throw portError(error, port);
    });
    const paint = paintFor(process.stderr);
    for (const [name, value] of Object.entries(emulator.env)) print(setting(name, value));
    const service = paint('title', factory.label);
    note(translated('{service} is imitated at {place}', { service, place: emulator.origin }));
    const command = `anyimage "a paper boat" -m ${known.provider}`;
    note(`  ${translated('Copy the lines above to another terminal, then: {command}', { command })}`);
    const ways = 'Ctrl-C ends it. Faults: POST /__emulator/faults; what happened: GET /__emulator/state';
    note(paint('quiet', `  ${translated(ways)}`));
    await aborted(interrupt.signal);
    await emulator.close();
    const spent = `${emulator.spent} ${emulator.currency}`;
    note(translated('{count} submissions, {price} that were not spent', { count: emulator.submissions, price: spent }));
    return 0;
  } finally {
    interrupt.stop();
  }
}

function find(service: string | undefined, emulators: readonly KnownEmulator[]): KnownEmulator {
  const asked = service?.toLowerCase();
  const known = emulators.find(({ id, provider }) => asked === id || asked === provider);
  if (known) return known;
  const ids = emulators.map(({ id }) => id);
  const near = service === undefined ? [] : nearest(service, ids, 1);
  throw new ImageError(
    'not-found',
    service === undefined ? 'no service is named' : `no service ${JSON.stringify(service)}`,
    {
      details: { allowed: ids },
      hint: didYouMean(near, `anyimage emulate takes one of: ${ids.join(', ')}.`),
    },
  );
}

function portError(error: unknown, port: number): unknown {
  const code = errorCode(error);
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error;
  const problem = code === 'EACCES' ? 'may not be used' : 'is in use';
  return new ImageError('config', `port ${port} ${problem}`, {
    cause: error,
    hint: 'Choose another --port, or leave it out.',
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** A line for the shells of the platform; of Windows, PowerShell. */
function setting(name: string, value: string, platform = process.platform): string {
  return platform === 'win32'
    ? `$env:${name} = '${value.replaceAll("'", "''")}'`
    : `export ${name}=${shellWord(value, platform)}`;
}
