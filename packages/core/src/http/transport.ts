// One HTTP request, as it is: pooled connections, proxies, the address guard, and failures as ImageErrors. No signing, no
// redirects, no retries; the only deadline is the signal.

import type { Dispatcher } from 'undici';
import type { HttpDispatcher } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import type { Transport } from '../contract/transport.ts';
import { abortError } from '../timing/abort-error.ts';
import { AddressRefused, createGuard, type Resolve } from './address-guard.ts';
import { decode } from './body/content-encoding.ts';
import { readAhead } from './body/memory-weight.ts';
import { type ClientLimits, direct, noLimits, type Route, throughProxy } from './dispatchers.ts';
import { explainFailure } from './failure.ts';
import { checkForGiven, throughGiven } from './given-dispatcher.ts';
import { proxyFor } from './proxy.ts';
import { Receiver } from './receiver.ts';

export interface TransportOptions {
  /** Where proxies are looked up, at the time of each request. */
  readonly env: { readonly [name: string]: string | undefined };
  /** Networks besides the public internet that guarded requests may reach, CIDR. */
  readonly allowNetworks?: readonly string[];
  /** How guarded requests resolve names; default the system's resolver. */
  readonly resolve?: Resolve;
  /** Makes all connections, in place of proxies and of connections of core's own. */
  readonly dispatcher?: HttpDispatcher | undefined;
  /** Limits of the HTTP client; default none. */
  readonly limits?: ClientLimits;
}

/** Makes a transport. Undici is loaded by the first request. Throws `config` for a bad entry in `allowNetworks`, or a dispatcher that is none. */
export function createTransport(options: TransportOptions): Transport {
  const { env, allowNetworks = [], resolve, dispatcher, limits = noLimits } = options;
  const guard = createGuard({ allowNetworks, ...(resolve && { resolve }) });
  const agents = new Map<string, Promise<Route>>();
  const given = dispatcher && Promise.resolve(throughGiven(dispatcher));
  let closed = false;

  const routeOf = (url: URL, trusted: boolean, directOnly: boolean): { route: Promise<Route>; proxy?: string } => {
    if (given) return { route: given };
    const proxy = proxyFor(url, env);
    if (proxy && directOnly && !guard.names(url.hostname)) {
      throw new AddressRefused(`would be resolved by the proxy ${proxy.host}, out of sight of the address guard`);
    }
    if (!trusted) proxy ? guard.checkForProxy(url) : guard.check(url);
    const name = proxy ? proxy.url : trusted ? 'trusted' : 'guarded';
    const route =
      agents.get(name) ?? (proxy ? throughProxy(proxy.url, limits) : direct(trusted ? undefined : guard, limits));
    agents.set(name, route);
    // What could not be loaded now may be there for the next request.
    route.catch(() => agents.delete(name));
    return { route, ...(proxy && { proxy: proxy.host }) };
  };

  return {
    guard,
    async request({
      url,
      method = 'GET',
      headers = {},
      body,
      signal,
      trusted = false,
      directOnly = false,
      spends = false,
    }) {
      if (signal?.aborted) throw abortError(signal);
      if (closed) throw new ImageError('aborted', 'the client is closed', { hint: 'Make a new client.' });
      if (given && !trusted) await checkForGiven(url, guard, directOnly);
      const { route, proxy } = routeOf(url, trusted, directOnly);
      const journey = { host: url.host, proxy, sent: false, spends, signal };
      const { origin } = url;
      const { agent, connecting } = await route.catch((error: unknown) => {
        throw explainFailure(error, journey);
      });
      const stopWaiting = connecting?.wait(origin);
      const receiver = new Receiver({ journey, readAhead, onStart: () => stopWaiting?.() });
      try {
        const request: Dispatcher.DispatchOptions = {
          origin,
          path: `${url.pathname}${url.search}`,
          method,
          headers: { 'accept-encoding': 'identity', ...headers },
          body: body ?? null,
        };
        const head = await receiver.headOf(() => agent.dispatch(request, receiver));
        const decoded = decode(receiver, head.headers, (error) => explainFailure(error, journey));
        const whole = decoded === receiver ? receiver.whole : undefined;
        return { ...head, body: decoded, ...(whole && { whole }), discard: () => receiver.discard() };
      } catch (error) {
        const failure = receiver.fail(error);
        stopWaiting?.(failure);
        throw failure;
      }
    },
    async close() {
      closed = true;
      const routes = await Promise.allSettled(agents.values());
      await Promise.all(routes.map((route) => route.status === 'fulfilled' && route.value.end()));
    },
  };
}
