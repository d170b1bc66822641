// Fetching a URL that somebody else wrote: guarded at each hop, never signed, limited in length.

import { ImageError } from '../contract/errors.ts';
import type { Transport, TransportResponse } from '../contract/transport.ts';
import { retryAfter } from '../timing/retry-after.ts';
import { AddressRefused } from './address-guard.ts';
import { maxRedirects, redirectTarget } from './redirect.ts';
import { userAgent } from './service.ts';

export interface DownloadOptions {
  readonly transport: Transport;
  readonly signal?: AbortSignal;
  /** A longer body is refused, before it is read if its length is declared. */
  readonly maxBytes: number;
  /** Origins reached at any address, and left on http. */
  readonly trustedOrigins?: readonly string[];
  /** Nothing goes through a proxy: for URLs that an agent gives. */
  readonly directOnly?: boolean;
  /** Who wrote the URL, and so who must act: `service` (http is upgraded to https) or `caller`. */
  readonly by: 'service' | 'caller';
}

export interface Download {
  readonly body: AsyncIterable<Uint8Array>;
  /** The same body, if it is here as a whole already. */
  readonly whole?: Uint8Array;
  /** As announced; absent where it is not, or where the body arrives encoded. */
  readonly byteLength?: number;
}

/**
 * Fetches a URL with GET and without authorization; up to 5 redirects are followed. Resolves with the body of a 200.
 * Throws `bad-response` (`by: 'service'`) or `invalid-request` (`by: 'caller'`) for a URL that may not or cannot be fetched,
 * `not-found` for a result URL that is gone, `unavailable` and `server` (retryable) for 429 and 5xx, `network`.
 */
export async function download(address: string, options: DownloadOptions): Promise<Download> {
  let url = URL.parse(address);
  if (!url) throw refusal(options, 'is not valid');
  for (let hop = 0; ; hop++) {
    url = secured(url, options);
    const response = await ask(url, options);
    const next = redirectTarget(response.status, response.headers, url);
    if (next === undefined) return bodyOf(response, url, options);
    response.discard();
    if (next === 'invalid') throw refusal(options, `redirects to no valid URL (from ${url.host})`);
    if (hop === maxRedirects)
      throw refusal(options, `redirects more than ${maxRedirects} times (last from ${url.host})`);
    url = next;
  }
}

async function ask(url: URL, options: DownloadOptions): Promise<TransportResponse> {
  const { transport, signal, directOnly, trustedOrigins = [] } = options;
  try {
    return await transport.request({
      url,
      headers: { 'user-agent': userAgent, accept: 'image/*, */*;q=0.8' },
      trusted: trustedOrigins.includes(url.origin),
      ...(directOnly && { directOnly }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error;
    throw refusal(options, error.reason, {
      cause: error,
      details: { problem: 'address' },
      hint: 'If that network is yours, add it to allowNetworks.',
    });
  }
}

function bodyOf(response: TransportResponse, url: URL, options: DownloadOptions): Download {
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
  if (status === 200) {
    throw refusal(options, `leads to ${length} bytes, more than the ${options.maxBytes} allowed`, {
      details: { problem: 'too-large' },
      hint: 'Raise the limit, or ask for a smaller picture.',
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
