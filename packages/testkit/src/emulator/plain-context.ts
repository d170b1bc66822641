// For tests of a provider's own functions, without core around them.

import type { CallContext, HttpRequest, ImageProvider } from '@anyimage/core';

/** What is called, where, and with which key. */
export interface PlainTarget {
  readonly baseURL: string;
  readonly key?: string;
  /** Default: the provider's first. */
  readonly region?: string;
  readonly textModel?: string;
}

/**
 * What a provider's function gets of the world, over plain `fetch`: what core's `Http` does, without its guard, pool and limits. JSON
 * only; there are no events.
 */
export function plainContext(provider: Pick<ImageProvider, 'regions' | 'sign'>, target: PlainTarget): CallContext {
  const { baseURL, key = '', region = Object.keys(provider.regions)[0]!, textModel } = target;
  return {
    baseURL,
    region,
    ...(textModel !== undefined && { textModel }),
    signal: new AbortController().signal,
    now: Date.now,
    log: () => {},
    report: () => {},
    http: { send: (request) => send(request) },
  };

  async function send({ to, json, method = json === undefined ? 'GET' : 'POST' }: HttpRequest) {
    const url = URL.parse(to) ?? new URL(`${baseURL}/${to}`);
    const headers = { ...(await provider.sign(key, { method, url })), 'content-type': 'application/json' };
    const answer = await fetch(url, { method, headers, ...(json !== undefined && { body: JSON.stringify(json) }) });
    return {
      status: answer.status,
      headers: answer.headers,
      json: () => answer.json(),
      bytes: async () => new Uint8Array(await answer.arrayBuffer()),
      async *events() {},
    };
  }
}
