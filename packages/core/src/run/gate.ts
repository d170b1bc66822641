import type { ErrorCode, ImageError } from '../contract/errors.ts';

/** After these another call would fail, too: of the same account, or into the same full disk. */
const hopeless: ReadonlySet<ErrorCode> = new Set(['auth', 'permission', 'quota', 'storage']);

/** Before the calls of one request: lets them through until one of them fails in a way that all would. */
export class Gate {
  #sent = false;
  #closedBy: ImageError | undefined;

  /** Whether anything was sent. */
  get sent(): boolean {
    return this.#sent;
  }

  /** Throws what closed the gate: of a call that is not sent, nothing can have been billed. */
  pass(): void {
    if (this.#closedBy) throw this.#closedBy;
  }

  markSent(): void {
    this.#sent = true;
  }

  /** A call failed. */
  tell(error: ImageError): void {
    if (!hopeless.has(error.code) || this.#closedBy) return;
    const hint =
      error.code === 'storage'
        ? `Nothing more was sent. ${error.hint ?? 'Make room.'} Then ask again for the rest.`
        : error.hint;
    this.#closedBy = error.with({ mayHaveBeenBilled: false, hint });
  }
}
