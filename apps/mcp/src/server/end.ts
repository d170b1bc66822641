// How the server ends: in order when the client closes stdin or a signal comes, at once when that takes too long.

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** How long the end may take. Clients kill a server that goes on after its stdin has ended, the first of them after 2 s. */
const patienceMs = 1500;

/** Closes what `close` closes, then ends the process: when the transport closes, or with a signal. */
export function endWith(transport: { onclose?: (() => void) | undefined }, close: () => Promise<void>): void {
  let ending = false;
  const end = (code: number) => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(code), patienceMs).unref();
    close().finally(() => process.exit(code));
  };
  const closeInstance = transport.onclose;
  transport.onclose = () => {
    closeInstance?.();
    end(0);
  };
  for (const [name, code] of Object.entries(exitCodes)) process.on(name, () => end(code));
}
