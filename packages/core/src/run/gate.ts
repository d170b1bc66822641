import type { ImageError } from '../contract/errors.ts';

/** After these the same account need not be asked again. */
const hopeless: ReadonlySet<string> = new Set(['auth', 'permission', 'quota']);

/** Before the calls of one request: lets them through until one of them fails in a way that all would. */
export class Gate {
  #sent = false;
  #closedBy: ImageError | undefined;

  /** Whether anything was sent. */
  get sent(): boolean {
    return this.#sent;
  }

  /** Throws what closed the gate. */
  pass(): void {
    if (this.#closedBy) throw this.#closedBy;
  }

  markSent(): void {
    this.#sent = true;
  }

  /** A call failed. */
  tell(error: ImageError): void {
    if (hopeless.has(error.code)) this.#closedBy ??= error;
  }
}
