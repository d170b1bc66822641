// A dispatcher of the caller's, of whichever version of undici: it makes the connections, and hands answers over in the way of its version.

import { isIP } from 'node:net';
import type { HttpDispatcher } from '../contract/client.ts';
import { ImageError } from '../contract/errors.ts';
import type { Guard } from '../contract/transport.ts';
import { AddressRefused } from './address-guard.ts';
import type { Route } from './dispatchers.ts';
import type { Receiver } from './receiver.ts';

/** The way out through it, which is the caller's to close. Throws `config` for what is no dispatcher. */
export function throughGiven(dispatcher: HttpDispatcher): Route {
  if (typeof dispatcher?.dispatch !== 'function') {
    throw new ImageError('config', 'dispatcher is none: it has no function dispatch', {
      details: { option: 'dispatcher' },
      hint: 'Give an Agent, ProxyAgent or another Dispatcher of undici, or leave it out.',
    });
  }
  const agent: Route['agent'] = {
    dispatch(options, receiver) {
      const begun: unknown = dispatcher.dispatch({ ...options, ...patient }, forAnyVersion(receiver));
      // One that is asynchronous fails when its caller listens no more.
      if (begun instanceof Promise) begun.catch((error: unknown) => receiver.fail(error));
      return true;
    },
  };
  return { agent, end: async () => {} };
}

/** Slow is normal here: the dispatcher's own limits for an answer do not hold. */
const patient = { headersTimeout: 0, bodyTimeout: 0 };

/**
 * What can be known of a URL before the dispatcher connects to it: a literal address, and where the name leads as this machine
 * resolves it. One that only the dispatcher can resolve, such as a proxy, may go there unless it is a name of the local network. Throws
 * `AddressRefused`.
 */
export async function checkForGiven(url: URL, guard: Guard, directOnly: boolean): Promise<void> {
  if (directOnly && !guard.names(url.hostname)) {
    throw new AddressRefused('would be fetched by the dispatcher that was given, out of sight of the address guard');
  }
  guard.checkForProxy(url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host)) return;
  const problem = await new Promise<Error | null>((resolve) => guard.lookup(host, { all: true }, resolve));
  if (problem instanceof AddressRefused) throw problem;
}

/** What undici 6 calls. Headers come as a flat list of names and values. */
interface EarlierHandler {
  onConnect(abort: (reason?: Error) => void): void;
  onHeaders(status: number, headers: readonly (Uint8Array | string)[] | null, resume: () => void): boolean;
  onData(chunk: Uint8Array): boolean;
  onComplete(): void;
  onError(error: Error): void;
}

type Controller = Parameters<Receiver['onRequestStart']>[0];

/** The receiver as a handler of undici 6, 7 and 8: each version calls the functions that it knows. */
function forAnyVersion(receiver: Receiver): object {
  let abort: (reason?: Error) => void = () => {};
  let resume: () => void = () => {};
  let isPaused = false;
  const controller = {
    abort: (reason: Error) => abort(reason),
    pause() {
      isPaused = true;
    },
    resume() {
      if (!isPaused) return;
      isPaused = false;
      resume();
    },
  } as Controller;
  const earlier: EarlierHandler = {
    onConnect(given) {
      abort = given;
      receiver.onRequestStart(controller);
    },
    onHeaders(status, headers, given) {
      resume = given;
      receiver.onResponseStart(controller, status, byName(headers ?? []));
      return !isPaused;
    },
    onData(chunk) {
      receiver.onResponseData(controller, chunk);
      return !isPaused;
    },
    onComplete: () => receiver.onResponseEnd(),
    onError: (error) => receiver.onResponseError(controller, error),
  };
  return {
    ...earlier,
    onRequestStart: (own: Controller) => receiver.onRequestStart(own),
    onResponseStart: (own: Controller, status: number, headers: ReturnType<typeof byName>) =>
      receiver.onResponseStart(own, status, headers),
    onResponseData: (own: Controller, chunk: Uint8Array) => receiver.onResponseData(own, chunk),
    onResponseEnd: () => receiver.onResponseEnd(),
    onResponseError: (own: Controller, error: Error) => receiver.onResponseError(own, error),
  };
}

function byName(raw: readonly (Uint8Array | string)[]): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = textOf(raw[index]!).toLowerCase();
    const value = textOf(raw[index + 1]!);
    const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}

function textOf(part: Uint8Array | string): string {
  return typeof part === 'string'
    ? part
    : Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('latin1');
}
