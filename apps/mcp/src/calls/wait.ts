import type { Call } from './call.ts';

export interface WaitOptions {
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly report: (message: string) => void;
  /** Whether the request is the one that asked for the pictures: when it is taken back, nothing more is sent. */
  readonly isAsker?: boolean;
}

/** Between two signs of life. Clients that count the time since the last one have limits of 30 s and more. */
const heartbeatMs = 4000;

/** Who asks is told of a call when services have it, so that the next server finds it, too; nobody waits longer than this for that, ms. */
const handoverMs = 3000;

/**
 * Waits until a call is over, at most `seconds` (and until it was sent, if that comes soon). Rejects with the signal's reason when the client takes its request back. What was sent
 * goes on, whatever the reason says: clients that only ran out of time say so in many ways, or say nothing.
 */
export async function waitFor(call: Call, options: WaitOptions): Promise<void> {
  const { seconds, signal, report, isAsker = false } = options;
  const leave = () => {
    if (isAsker) call.leave(signal.reason);
  };
  // It may have been taken back while the call was being prepared.
  if (signal.aborted) leave();
  signal.throwIfAborted();
  if (call.outcome) return;
  const over = Promise.withResolvers<void>();
  const tell = () => report(call.progress());
  let patience = setTimeout(() => {
    if (!isAsker) return over.resolve();
    patience = setTimeout(over.resolve, handoverMs);
    void call.handedOver().then(over.resolve);
  }, seconds * 1000);
  const heartbeat = setInterval(tell, heartbeatMs);
  const unwatch = call.watch(tell);
  const taken = () => over.reject(signal.reason);
  signal.addEventListener('abort', taken, { once: true });
  try {
    tell();
    await Promise.race([call.done, over.promise]);
  } finally {
    clearTimeout(patience);
    clearInterval(heartbeat);
    unwatch();
    signal.removeEventListener('abort', taken);
    if (signal.aborted) leave();
  }
}
