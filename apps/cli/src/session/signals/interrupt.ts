// Ctrl-C. The first ends things in order, and waits for what is paid for and comes now or never; the next gives that up, a further one
// ends at once.

import { ImageError } from '@anyimage/core';
import { discardParts } from '@anyimage/host';
import { note } from '../../print/terminal/output.ts';
import { translated } from '../../print/words/translated.ts';

export interface Interrupt {
  /** Aborts when everything is to end. */
  readonly signal: AbortSignal;
  /** Aborts with the first signal: what is not sent yet stays so. */
  readonly stopSending: AbortSignal;
  /** 130 after SIGINT, 143 after SIGTERM, 129 after SIGHUP; else undefined. */
  readonly exitCode: number | undefined;
  /** Ends everything if that was asked for and there is nothing left to wait for. Called whenever something has changed. */
  check(): void;
  /** Lets go of the signals. */
  stop(): void;
}

export interface InterruptOptions {
  /** What is said if the work does not end in order; default that it was interrupted. */
  readonly lastWords?: () => string;
  /** Whether something is on its way that is paid for and comes now or never: the first signal waits for it. Default nothing ever is. */
  readonly isHeld?: () => boolean;
  /** Called when the wait begins. */
  readonly onHold?: () => void;
  /** Who waits; default Ctrl-C alone: who sends another signal wants the process to end. */
  readonly patient?: readonly NodeJS.Signals[];
}

const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** How long the work has to end in order. */
const patienceMs = 900;
/** What is said where something may be paid for and not here. */
export const jobsLeft = 'interrupted; anyimage jobs list shows what is paid for and not here yet';

/** Listens for the signals that end a process. */
export function listenForInterrupt({
  lastWords = () => translated('interrupted'),
  isHeld = () => false,
  onHold,
  patient = ['SIGINT'],
}: InterruptOptions = {}): Interrupt {
  const all = new AbortController();
  const sending = new AbortController();
  let exitCode: number | undefined;
  let patience: NodeJS.Timeout | undefined;

  function endNow(code: number): never {
    discardParts();
    process.exit(code);
  }

  function endInOrder(code: number): void {
    all.abort(interrupted());
    patience = setTimeout(() => {
      note(lastWords());
      endNow(code);
    }, patienceMs);
  }

  function onSignal(name: NodeJS.Signals): void {
    const isFirst = exitCode === undefined;
    if (all.signal.aborted) endNow(exitCode!);
    exitCode ??= codes[name as keyof typeof codes];
    sending.abort(unsent());
    if (isFirst && patient.includes(name) && isHeld()) onHold?.();
    else endInOrder(exitCode);
  }

  for (const name of Object.keys(codes)) process.on(name, onSignal);
  return {
    signal: all.signal,
    stopSending: sending.signal,
    get exitCode() {
      return exitCode;
    },
    check() {
      if (exitCode !== undefined && !all.signal.aborted && !isHeld()) endInOrder(exitCode);
    },
    stop() {
      clearTimeout(patience);
      for (const name of Object.keys(codes)) process.off(name, onSignal);
    },
  };
}

function unsent(): ImageError {
  return new ImageError('aborted', 'interrupted before it was sent');
}

function interrupted(): ImageError {
  return new ImageError('aborted', 'interrupted');
}
