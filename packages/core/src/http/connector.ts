import { isIP, type Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { Guard } from '../contract/transport.ts';

/** Longest time for a connection to come about, TLS included, ms. */
export const connectTimeout = 10_000;

/** The connections of an agent that are still coming about, so that a cancelled request can end its own. */
export interface Connecting {
  /** For undici's `connect` option. */
  readonly connect: buildConnector.connector;
  /** Notes that a request waits for a connection to `origin`; the function returned says that it no longer does. */
  wait(origin: string): (reason?: Error) => void;
}

/**
 * Makes the connector of an agent. With a guard, a literal address is checked here and a name when it is resolved, for
 * every new connection. HTTP/1.1 only: one request at a time per connection, so that a cut concerns exactly one.
 */
export function createConnecting(build: typeof buildConnector, guard?: Guard): Connecting {
  const connect = build({ timeout: connectTimeout, allowH2: false, ...(guard && { lookup: guard.lookup }) });
  const origins = new Map<string, { waiting: number; sockets: Set<Socket> }>();
  const entryOf = (origin: string) => {
    const entry = origins.get(origin) ?? { waiting: 0, sockets: new Set() };
    origins.set(origin, entry);
    return entry;
  };
  return {
    connect(options, callback) {
      const origin = originOf(options);
      try {
        if (guard && isIP(options.hostname)) guard.check(new URL(origin));
      } catch (error) {
        return callback(error as Error, null);
      }
      const { sockets } = entryOf(origin);
      // Undici's connector gives the socket back at once, which its types leave out.
      const socket = connect(options, (...result: Parameters<buildConnector.Callback>) => {
        if (socket) sockets.delete(socket);
        callback(...result);
      }) as unknown as Socket | undefined;
      if (socket) sockets.add(socket);
    },
    wait(origin) {
      const entry = entryOf(origin);
      entry.waiting += 1;
      let waits = true;
      return (reason) => {
        if (!waits) return;
        waits = false;
        entry.waiting -= 1;
        if (entry.waiting > 0) return;
        if (reason) for (const socket of entry.sockets) socket.destroy(reason);
        if (entry.sockets.size === 0) origins.delete(origin);
      };
    },
  };
}

function originOf({ protocol, hostname, port }: buildConnector.Options): string {
  const host = isIP(hostname) === 6 ? `[${hostname}]` : hostname;
  return new URL(`${protocol}//${host}${port ? `:${port}` : ''}`).origin;
}
