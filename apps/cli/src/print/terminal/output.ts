// The two streams. Results go to stdout, everything else to stderr. Every start loads this file.

import { columnsOf, wrapLines } from './wrap.ts';

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Text on stdout, as fast as its reader takes it. Resolves to whether there is a reader still. */
export async function printInTime(text: string): Promise<boolean> {
  const { stdout } = process;
  if (stdout.destroyed) return false;
  if (stdout.write(text) || stdout.destroyed) return !stdout.destroyed;
  await new Promise<void>((resolve) => {
    const ends = ['drain', 'close', 'error'] as const;
    const end = () => {
      for (const name of ends) stdout.off(name, end);
      resolve();
    };
    for (const name of ends) stdout.on(name, end);
  });
  return !stdout.destroyed;
}

/** Lines for the person, not for scripts: a terminal gets none that is wider than it, but for what cannot be broken. */
export function note(text: string): void {
  process.stderr.write(`${wrapLines(text, columnsOf(process.stderr))}\n`);
}

/**
 * Without this, a stream that takes no more ends the process with a stack trace. A reader that leaves (`| head`) is no failure:
 * what it did not want is not written. Of a full disk stderr is told, once, and the exit code is at least 3: pictures may be
 * made whose paths were not printed.
 */
export function quietPipes(): void {
  process.stderr.on('error', () => {});
  let told = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || told) return;
    told = true;
    const reason = error.code === 'ENOSPC' ? 'the disk is full' : error.message;
    note(`error: not all could be printed: ${reason}`);
    process.once('exit', () => {
      process.exitCode ||= 3;
    });
  });
}

/** stdout is for the answer: what other code prints, such as that of plugins, goes to stderr. */
export function keepStdout(): void {
  const { console: printer } = globalThis;
  for (const name of ['log', 'info', 'debug', 'table', 'dir'] as const) printer[name] = printer.error;
}
