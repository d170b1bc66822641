// How the server ends when the client closes stdin or a signal comes: what is paid for comes home first, for a while; else at once.

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** How long closing may take, ms. Clients kill a server that goes on after its stdin has ended, the first of them after 2 s. */
const patienceMs = 1500;

export interface Ending {
  /** Brings home what is paid for, until `hurry` aborts. */
  readonly settle: (hurry: AbortSignal) => Promise<void>;
  /** Closes what is open. */
  readonly close: () => Promise<void>;
}

/** Ends the process when the transport closes, or with a signal; a second signal ends it at once. */
export function endWith(transport: { onclose?: (() => void) | undefined }, { settle, close }: Ending): void {
  const hurry = new AbortController();
  let isEnding = false;
  let isSignalled = false;
  const end = async (code: number) => {
    if (isEnding) return;
    isEnding = true;
    await settle(hurry.signal).catch(() => {});
    setTimeout(() => process.exit(code), patienceMs).unref();
    await close().finally(() => process.exit(code));
  };
  const closeInstance = transport.onclose;
  transport.onclose = () => {
    closeInstance?.();
    void end(0);
  };
  for (const [name, code] of Object.entries(exitCodes)) {
    process.on(name, () => {
      if (isSignalled) hurry.abort();
      isSignalled = true;
      void end(code);
    });
  }
}
