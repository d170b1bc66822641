// Ctrl-C: the first ends things in order, the second at once.

import { discardParts } from '@anyimage/host';
import { note } from '../print/terminal/output.ts';

export interface Interrupt {
  /** Aborts with the first signal; of a gentle one, with the second. */
  readonly signal: AbortSignal;
  /** Aborts with the first signal: nothing more is to be sent. */
  readonly stopSending: AbortSignal;
  /** 130 after SIGINT, 143 after SIGTERM, 129 after SIGHUP; else undefined. */
  readonly exitCode: number | undefined;
  /** Lets go of the signals. */
  stop(): void;
}

const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** How long the work has to end in order. */
const patienceMs = 900;
const jobsLeft = 'interrupted; anyimage jobs list shows what is paid for and not here yet';

export interface InterruptOptions {
  /** What is said if the work does not end in order. */
  readonly lastWords?: string;
  /** Said with the first signal, which lets what was sent come home; the second ends that, the third all at once. */
  readonly gentleWords?: string;
}

/** Listens for the signals that end a process. */
export function listenForInterrupt({ lastWords = jobsLeft, gentleWords }: InterruptOptions = {}): Interrupt {
  const controller = new AbortController();
  const stopping = new AbortController();
  let exitCode: number | undefined;
  let patience: NodeJS.Timeout | undefined;

  function endNow(code: number): never {
    discardParts();
    process.exit(code);
  }

  function interrupted(name: NodeJS.Signals): void {
    if (controller.signal.aborted) endNow(exitCode!);
    const isFirst = exitCode === undefined;
    exitCode ??= codes[name as keyof typeof codes];
    stopping.abort();
    if (isFirst && gentleWords !== undefined) {
      note(gentleWords);
      return;
    }
    controller.abort();
    const code = exitCode;
    patience = setTimeout(() => {
      note(lastWords);
      endNow(code);
    }, patienceMs);
  }

  for (const name of Object.keys(codes)) process.on(name, interrupted);
  return {
    signal: controller.signal,
    stopSending: stopping.signal,
    get exitCode() {
      return exitCode;
    },
    stop() {
      clearTimeout(patience);
      for (const name of Object.keys(codes)) process.off(name, interrupted);
    },
  };
}
