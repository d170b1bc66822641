// Fetching a URL that somebody else wrote: guarded at each hop, limited in length, and signed only below the base URL.

import type { Json } from '../contract/capabilities.ts';
import { ImageError } from '../contract/errors.ts';
import type { Transport, TransportResponse } from '../contract/transport.ts';
import { retryAfter } from '../timing/retry-after.ts';
import { AddressRefused } from './address-guard.ts';
import { userAgent } from './manifest.ts';
import { maxRedirects, redirectTarget } from './redirect.ts';
import { isBelow } from './service.ts';

export interface DownloadOptions {
  readonly transport: Transport;
  readonly signal?: AbortSignal;
  /** A longer body is refused, before it is read if its length is declared. */
  readonly maxBytes: number;
  /** Origins reached at any address, and left on http. */
  readonly trustedOrigins?: readonly string[];
  /** Nothing goes through a proxy: for URLs that an agent gives. */
  readonly directOnly?: boolean;
  /** For URLs of a service that want the key. Without it nothing is signed. */
  readonly signing?: Signing;
  /** Notes each request and its answer, without what the URL is signed with. What may not be seen is hidden there. */
  readonly log?: ((event: string, facts: Json) => void) | undefined;
  /** Who wrote the URL, and so who must act: `service` (http is upgraded to https) or `caller`. */
  readonly by: 'service' | 'caller';
}

/** The key, and where it may go. */
export interface Signing {
  /** Only what is below it is ever signed. */
  readonly baseURL: string;
  headers(url: URL): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
}

export interface Download {
  readonly body: AsyncIterable<Uint8Array>;
  /** The same body, if it is here as a whole already. */
  readonly whole?: Uint8Array;
  /** As announced; absent where it is not, or where the body arrives encoded. */
  readonly byteLength?: number;
}

/**
 * Fetches a URL with GET; up to 5 redirects are followed. Resolves with the body of a 200. No hop is signed before it was asked for
 * without a key and answered 401 or 403: most results are public or signed by themselves, some storage refuses a second signature,
 * and a key that is not needed is not shown. Then one that is below the base URL is, each for itself: what it redirects to is not.
 * Throws `bad-response` (`by: 'service'`) or `invalid-request` (`by: 'caller'`) for a URL that may not or cannot be fetched,
 * `not-found` for a result URL that is gone, `auth` for one that does not take the key, `unavailable` and `server` (retryable) for 429 and 5xx, `network`.
 */
export async function download(address: string, options: DownloadOptions): Promise<Download> {
  let url = URL.parse(address);
  if (!url) throw refusal(options, 'is not valid');
  for (let hop = 0; ; hop++) {
    url = secured(url, options);
    const { response, isSigned } = await askWithKey(url, options);
    const next = redirectTarget(response.status, response.headers, url);
    if (next === undefined) return bodyOf(response, url, options, isSigned);
    response.discard();
    if (next === 'invalid') throw refusal(options, `redirects to no valid URL (from ${url.host})`);
    if (hop === maxRedirects)
      throw refusal(options, `redirects more than ${maxRedirects} times (last from ${url.host})`);
    url = next;
  }
}

/** Asks without the key, and again with it if that may be and is wanted. */
async function askWithKey(url: URL, options: DownloadOptions) {
  const { signing } = options;
  const response = await ask(url, options);
  const wantsKey = response.status === 401 || response.status === 403;
  if (!wantsKey || !signing || !isBelow(url, signing.baseURL)) return { response, isSigned: false };
  response.discard();
  return { response: await ask(url, options, await signing.headers(url)), isSigned: true };
}

async function ask(
  url: URL,
  options: DownloadOptions,
  signature: Readonly<Record<string, string>> = {},
): Promise<TransportResponse> {
  const { transport, signal, directOnly, trustedOrigins = [], log } = options;
  const place = { host: url.host, path: url.pathname };
  const started = performance.now();
  log?.('request', { method: 'GET', ...place });
  try {
    const response = await transport.request({
      url,
      headers: { 'user-agent': userAgent, accept: 'image/*, */*;q=0.8', ...signature },
      trusted: trustedOrigins.includes(url.origin),
      ...(directOnly && { directOnly }),
      ...(signal && { signal }),
    });
    log?.('answer', { status: response.status, ...place, ms: Math.round(performance.now() - started) });
    return response;
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error;
    throw refusal(options, error.reason, {
      cause: error,
      details: { problem: 'address' },
      hint: 'If that network is yours, add it to allowNetworks.',
    });
  }
}

function bodyOf(response: TransportResponse, url: URL, options: DownloadOptions, isSigned: boolean): Download {
  const { status, headers, body, whole } = response;
  const length = Number(headers.get('content-length') ?? Number.NaN);
  if (status === 200 && !(length > options.maxBytes)) {
    return {
      body,
      ...(whole && { whole }),
      ...(length >= 0 && !headers.get('content-encoding') && { byteLength: length }),
    };
  }
  response.discard();
  if (status === 200 && options.by === 'caller') {
    const problem = `leads to ${length} bytes, more than the ${options.maxBytes} allowed`;
    throw refusal(options, problem, { details: { problem: 'too-large' }, hint: 'Give a smaller picture.' });
  }
  if (status === 200) {
    throw refusal(options, `leads to ${length} bytes, more than the ${options.maxBytes} allowed`, {
      details: { problem: 'too-large', option: 'maxImageBytes', asked: length, allowed: options.maxBytes },
      hint: `Raise maxImageBytes to ${length}.`,
    });
  }
  const wait = retryAfter(headers, Date.now());
  const facts = { status, ...(wait !== undefined && { retryAfter: wait }) };
  const answered = `${url.host} answered HTTP ${status}`;
  if (status === 429 || status === 503) {
    throw new ImageError('unavailable', `${answered} for the picture`, {
      ...facts,
      retryable: true,
      hint: 'Try again later.',
    });
  }
  if (status >= 500) {
    throw new ImageError('server', `${answered} for the picture`, {
      ...facts,
      retryable: true,
      hint: 'Try again later.',
    });
  }
  if (options.by === 'service' && [403, 404, 410].includes(status)) {
    throw new ImageError('not-found', `the result URL has expired or is gone: ${answered}`, {
      ...facts,
      hint: 'The picture can no longer be fetched; look in the account of the service, or ask for a new one.',
    });
  }
  if (status === 401 && isSigned) {
    const hint = 'Check that the key is the one with which the picture was asked for.';
    throw new ImageError('auth', `the result URL does not take the key: ${answered}`, { ...facts, hint });
  }
  if (status === 401 && options.by === 'service') {
    const hint =
      'It may want the key, which goes only to what is below the base URL: check that the base URL is the right one.';
    throw refusal(options, `cannot be fetched: ${answered}`, { ...facts, hint });
  }
  throw refusal(options, `cannot be fetched: ${answered}`, facts);
}

/** A result URL in plain http is asked for over https, unless the person set up that very origin or address. */
function secured(url: URL, { by, trustedOrigins = [], transport }: DownloadOptions): URL {
  const isOurs = trustedOrigins.includes(url.origin) || transport.guard.names(url.hostname);
  if (by === 'caller' || url.protocol !== 'http:' || isOurs) return url;
  const upgraded = new URL(url);
  upgraded.protocol = 'https:';
  return upgraded;
}

function refusal({ by }: DownloadOptions, problem: string, facts: ConstructorParameters<typeof ImageError>[2] = {}) {
  const [code, what, hint] =
    by === 'service'
      ? (['bad-response', 'the result URL', 'The service gave a URL that cannot be used; report it.'] as const)
      : (['invalid-request', 'the URL of the input picture', 'Check the URL, or give the file itself.'] as const);
  return new ImageError(code, `${what} ${problem}`, { hint, ...facts });
}
