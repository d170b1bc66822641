// Memory for long answers. A picture that comes as base64 is in memory from its answer's first bytes until it is where it belongs. Where
// many come at once, they come in a few at a time: the others wait, as with any reader that is slower than its service.

import { abortError } from '../../timing/abort-error.ts';

/** So much is given out at a time, bytes. A single answer may have more. */
const most = 24 * 2 ** 20;
/** What an answer is counted with whose length is not announced, bytes. */
const usual = 4 * 2 ** 20;
/** How long an answer waits at most, ms: it is paid for, and those before it may have got stuck. */
const patience = 5000;

/** Of all calls of this process, bytes. */
let given = 0;
/** In the order in which they came. */
const waiting = new Set<() => void>();

/** What the answers to one call have. To be ended whatever becomes of the call. */
export class AnswerMemory {
  #own = 0;
  readonly #buffers: ArrayBuffer[] = [];

  /** Waits until there is memory for an answer of this length, bytes. A call that has some waits no more. Throws the signal's reason. */
  async wait(length: number | undefined, signal: AbortSignal | undefined): Promise<void> {
    const bytes = length ?? usual;
    const end = Date.now() + patience;
    const isCrowded = () => this.#own === 0 && given > 0 && given + bytes > most;
    while (isCrowded() && Date.now() < end) await nextEnd(end - Date.now(), signal);
    this.#own += bytes;
    given += bytes;
  }

  /** Memory that lasts until the end. */
  allocate(bytes: number): Buffer {
    const buffer = Buffer.allocUnsafeSlow(bytes);
    this.#buffers.push(buffer.buffer as ArrayBuffer);
    return buffer;
  }

  /** `release`: nobody needs what was decoded any more. It is given back at once, where the collector would take its time. */
  end(release: boolean): void {
    given -= this.#own;
    this.#own = 0;
    if (release) for (const buffer of this.#buffers) buffer.transfer(0);
    this.#buffers.length = 0;
    for (const go of [...waiting]) go();
  }
}

/** Resolves when a call ends, or after some ms. Throws the signal's reason. */
function nextEnd(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer);
      waiting.delete(go);
      signal?.removeEventListener('abort', stop);
    };
    const go = () => {
      settle();
      resolve();
    };
    const stop = () => {
      settle();
      reject(abortError(signal!));
    };
    const timer = setTimeout(go, ms);
    waiting.add(go);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
