// All connections are made here, with the same limits on every way: directly or through a proxy, plain or in TLS.

import type { Dispatcher, ProxyAgent } from 'undici';
import type { Guard } from '../contract/transport.ts';
import { type Connecting, connectTimeout, createConnecting } from './connector.ts';
import type { Receiver } from './receiver.ts';
import { loadUndici } from './undici.ts';

/** How long the HTTP client itself waits, ms; 0 = for ever. */
export interface ClientLimits {
  /** For the head of an answer. */
  readonly headersTimeout: number;
  /** Between two pieces of a body. */
  readonly bodyTimeout: number;
}

/** Slow is normal here: the services' own time counts against the signal, never against a limit of the HTTP client. */
export const noLimits: ClientLimits = { headersTimeout: 0, bodyTimeout: 0 };

/** Where requests of one kind go out. */
export interface Route {
  readonly agent: { dispatch(options: Dispatcher.DispatchOptions, receiver: Receiver): boolean };
  /** Absent where a proxy makes the connections. */
  readonly connecting?: Connecting;
  end(): Promise<void>;
}

/** Connections from this machine. With a guard, each is checked. */
export async function direct(guard: Guard | undefined, limits: ClientLimits): Promise<Route> {
  const { Agent, buildConnector } = await loadUndici();
  const connecting = createConnecting(buildConnector, guard);
  const agent = new Agent({ ...limits, allowH2: false, connect: connecting.connect });
  return { agent, connecting, end: () => agent.destroy() };
}

/** Connections by a proxy, at its URL: tunnels for https, and the requests themselves for http. */
export async function throughProxy(uri: string, limits: ClientLimits): Promise<Route> {
  const { Pool, ProxyAgent } = await loadUndici();
  const tls = { allowH2: false };
  // Undici gives what it was told to the pools of tunnels alone: those that forward would have limits of its own.
  const factory: ProxyAgent.Options['factory'] = (origin, settings) => new Pool(origin, { ...settings, ...limits });
  const agent = new ProxyAgent({
    ...limits,
    ...tls,
    uri,
    connectTimeout,
    requestTls: tls,
    proxyTls: tls,
    factory,
    // A proxy that takes the tunnel request and stays silent counts as one that does not take the connection.
    clientFactory: (origin, settings) => new Pool(origin, { ...settings, headersTimeout: connectTimeout }),
  });
  return { agent, end: () => agent.destroy() };
}
