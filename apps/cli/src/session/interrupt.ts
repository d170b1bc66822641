// Ctrl-C: the first ends things in order, the second at once.

import { discardParts } from '@anyimage/host';
import { note } from '../print/terminal/output.ts';

export interface Interrupt {
  /** Aborts with the first signal. */
  readonly signal: AbortSignal;
  /** 130 after SIGINT, 143 after SIGTERM, 129 after SIGHUP; else undefined. */
  readonly exitCode: number | undefined;
  /** Lets go of the signals. */
  stop(): void;
}

const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** How long the work has to end in order. */
const patienceMs = 900;
const jobsLeft = 'interrupted; anyimage jobs list shows what is paid for and not here yet';

/** Listens for the signals that end a process. `lastWords`: what is said if the work does not end in order. */
export function listenForInterrupt(lastWords = jobsLeft): Interrupt {
  const controller = new AbortController();
  let exitCode: number | undefined;
  let patience: NodeJS.Timeout | undefined;

  function endNow(code: number): never {
    discardParts();
    process.exit(code);
  }

  function interrupted(name: NodeJS.Signals): void {
    if (exitCode !== undefined) endNow(exitCode);
    exitCode = codes[name as keyof typeof codes];
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
    get exitCode() {
      return exitCode;
    },
    stop() {
      clearTimeout(patience);
      for (const name of Object.keys(codes)) process.off(name, interrupted);
    },
  };
}
