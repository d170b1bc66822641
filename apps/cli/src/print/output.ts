// The two streams. Results go to stdout, everything else to stderr. Every start loads this file: it imports nothing.

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A line for the person, not for scripts. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function printDocument(document: unknown): void {
  print(JSON.stringify(document, null, 2));
}

/** A reader that leaves (`| head`) is no failure: what it did not want is not written. */
export function quietPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
