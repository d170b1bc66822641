/** What was looked at, and whether it is in order. */
export interface Check {
  readonly name: string;
  /** `note`: worth knowing; `warning`: works, but not as it should; `error`: something cannot work. */
  readonly state: 'ok' | 'note' | 'warning' | 'error';
  readonly message: string;
  /** What to do, one sentence. */
  readonly hint?: string;
}

/** The message of whatever was thrown, and what it says to do. */
export function failed(name: string, error: unknown, state: 'warning' | 'error' = 'error'): Check {
  const { message, hint } = error instanceof Error ? (error as Error & { hint?: string }) : { message: String(error) };
  return { name, state, message: message.split('\n')[0]!, ...(hint && { hint }) };
}
