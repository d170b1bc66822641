// What a terminal says of itself when it is asked: whether it shows sixel pictures, and how large its letters are.

export interface TerminalAnswer {
  readonly sixel: boolean;
  /** Of one letter, px. */
  readonly cell?: { readonly width: number; readonly height: number };
}

export type AskTerminal = () => Promise<TerminalAnswer>;

/** A terminal on this machine answers within a few ms. */
const patienceMs = 150;

/** The size of a letter, and last what every terminal answers: its attributes. */
const question = '\u001b[16t\u001b[c';
const attributes = new RegExp(String.raw`${'\u001b'}\[\?([\d;]+)c`);
const cellSize = new RegExp(String.raw`${'\u001b'}\[6;(\d+);(\d+)t`);

interface Ends {
  readonly input: Pick<NodeJS.ReadStream, 'isTTY' | 'isRaw' | 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'>;
  readonly output: Pick<NodeJS.WriteStream, 'write'>;
}

/**
 * Asks the terminal at stdin and stderr. Who does not answer, and where stdin is something else, knows nothing. A Ctrl-C that is typed
 * meanwhile is one.
 */
export async function askTerminal(
  { input, output }: Ends = { input: process.stdin, output: process.stderr },
): Promise<TerminalAnswer> {
  if (!input.isTTY || input.isRaw) return { sixel: false };
  let said = '';
  const { promise, resolve } = Promise.withResolvers<void>();
  const onData = (chunk: Buffer | string) => {
    said += chunk.toString();
    if (attributes.test(said)) resolve();
  };
  const timer = setTimeout(resolve, patienceMs);
  input.setRawMode(true);
  input.on('data', onData);
  input.resume();
  try {
    output.write(question);
    await promise;
  } finally {
    clearTimeout(timer);
    input.off('data', onData);
    input.pause();
    input.setRawMode(false);
  }
  if (said.includes('\u0003')) process.kill(process.pid, 'SIGINT');
  return read(said);
}

function read(said: string): TerminalAnswer {
  const [, able = ''] = attributes.exec(said) ?? [];
  const [, height = 0, width = 0] = (cellSize.exec(said) ?? []).map(Number);
  const isSize = width >= 2 && width <= 100 && height >= 2 && height <= 200;
  return { sixel: able.split(';').slice(1).includes('4'), ...(isSize && { cell: { width, height } }) };
}
