import type { Call } from './call.ts';

export interface WaitOptions {
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly report: (message: string) => void;
  /** Whether a client that takes its request back ends the call; default: it goes on. */
  readonly abortWithClient?: boolean;
}

/** Between two signs of life. Clients that count the time since the last one have limits of 30 s and more. */
const heartbeatMs = 5000;

/**
 * Waits until a call is over, at most `seconds`. Rejects with the signal's reason when the client takes its request back. The call
 * goes on if the client only ran out of time: it still wants the picture, and may have paid for it.
 */
export async function waitFor(call: Call, options: WaitOptions): Promise<void> {
  const { seconds, signal, report, abortWithClient = false } = options;
  const endWithClient = () => {
    if (abortWithClient && !ranOutOfTime(signal.reason)) call.abort(signal.reason);
  };
  // It may have been taken back while the call was being prepared.
  if (signal.aborted) endWithClient();
  signal.throwIfAborted();
  if (call.outcome) return;
  const over = Promise.withResolvers<void>();
  const patience = setTimeout(over.resolve, seconds * 1000);
  const heartbeat = setInterval(() => report(call.phase), heartbeatMs);
  const unwatch = call.watch(() => report(call.phase));
  const taken = () => over.reject(signal.reason);
  signal.addEventListener('abort', taken, { once: true });
  try {
    report(call.phase);
    await Promise.race([call.done, over.promise]);
  } catch (reason) {
    endWithClient();
    throw reason;
  } finally {
    clearTimeout(patience);
    clearInterval(heartbeat);
    unwatch();
    signal.removeEventListener('abort', taken);
  }
}

/** The reason of a cancellation is free text; the SDKs write "Request timed out". */
function ranOutOfTime(reason: unknown): boolean {
  return /time[d-]?[ -]?out/i.test(String(reason));
}
