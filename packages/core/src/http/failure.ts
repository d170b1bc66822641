// What can go wrong between two machines, as ImageErrors that say which host, whether by proxy, and whether money is at risk.

import { ImageError, type ImageErrorFacts, messageOf, setUpFault } from '../contract/errors.ts';
import { quoted } from '../foreign/foreign.ts';
import { abortError } from '../timing/abort-error.ts';
import { AddressRefused } from './address-guard.ts';

/** Where a request stood when it failed. */
export interface Journey {
  /** Host and port that was asked. */
  readonly host: string;
  /** Host and port of the proxy in between. */
  readonly proxy?: string | undefined;
  /** The request's first byte had been handed to the connection. */
  readonly sent: boolean;
  /** The request costs money. */
  readonly spends: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Any failure of a request as an ImageError; {@link AddressRefused} stays what it is, for the caller to word.
 * `mayHaveBeenBilled` is set only if the request spends and had started to be sent. `details.problem` is `unreached`, with the `host`
 * that was meant, if the request came to nobody.
 */
export function explainFailure(error: unknown, journey: Journey): ImageError | AddressRefused {
  const mayHaveBeenBilled = journey.spends && journey.sent;
  if (journey.signal?.aborted) {
    const reason = abortError(journey.signal);
    return mayHaveBeenBilled ? reason.with({ mayHaveBeenBilled }) : reason;
  }
  if (ImageError.isInstance(error)) return mayHaveBeenBilled ? error.with({ mayHaveBeenBilled }) : error;
  const fault = refusalIn(error) ?? setUpFault(error);
  if (fault) return fault;
  return networkError(error, journey, mayHaveBeenBilled);
}

function networkError(error: unknown, journey: Journey, mayHaveBeenBilled: boolean): ImageError {
  const { host, proxy, sent } = journey;
  const code = codeOf(error);
  const message = messageOf(error);
  const route = proxy ? `${host} (by proxy ${proxy})` : host;
  const reached = proxy ? `the proxy ${proxy}, on the way to ${host},` : host;
  const make = (text: string, facts: ImageErrorFacts) =>
    new ImageError('network', text, { cause: error, mayHaveBeenBilled, ...facts });
  const unreached = { mayHaveBeenBilled: false, details: { problem: 'unreached', host } };

  // Undici's words for a proxy that answers something else than the request's own answer: the service never saw the request.
  const refusedByProxy = /^Proxy (?:response|Authentication).*?\((\d{3})\)/.exec(message);
  if (proxy && refusedByProxy) {
    const status = Number(refusedByProxy[1]);
    const hint =
      status === 407
        ? 'Put user and password of the proxy into its URL.'
        : 'Check the proxy, or add the host to NO_PROXY.';
    return make(`the proxy ${proxy} refused the way to ${host} (HTTP ${status})`, {
      ...unreached,
      details: { ...unreached.details, proxyStatus: status },
      hint,
    });
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return new ImageError('config', `the request to ${host} cannot be sent: ${message}`, {
      cause: error,
      hint: 'Check the key and the headers for characters that HTTP does not allow, such as line breaks.',
    });
  }
  if (!sent && isTLS(code)) {
    return make(`no secure connection to ${route}: ${quoted(message)}`, {
      ...unreached,
      hint: 'Check the address and the certificate; NODE_EXTRA_CA_CERTS names a file of further authorities.',
    });
  }
  if (isForeign(error, code)) {
    return new ImageError('bad-response', `${route} did not answer in HTTP: ${message}`, {
      cause: error,
      mayHaveBeenBilled,
      hint: 'Check that the address is the one of the service.',
    });
  }
  if (code.startsWith('Z_') || code.startsWith('ERR__ERROR_FORMAT')) {
    return new ImageError('bad-response', `the answer of ${route} is not compressed as it says: ${message}`, {
      cause: error,
      mayHaveBeenBilled,
      hint: 'Check what stands between this machine and the service.',
    });
  }
  if (!sent) {
    return make(`${reached} ${unreachable[code] ?? `could not be reached: ${message}`}`, {
      ...unreached,
      retryable: true,
      hint: proxy
        ? 'Check the proxy settings (HTTPS_PROXY, NO_PROXY).'
        : 'Check the connection, the address and the proxy settings.',
    });
  }
  return make(`the connection to ${route} was cut: ${message}`, {
    retryable: !mayHaveBeenBilled,
    hint: mayHaveBeenBilled
      ? 'The service may have made and billed the picture: look there before asking again.'
      : 'Try again.',
  });
}

const unreachable: { readonly [code: string]: string } = {
  ENOTFOUND: 'could not be found: the name has no address',
  EAI_AGAIN: 'could not be found: the name server did not answer',
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'closed the connection before the request was sent',
  UND_ERR_SOCKET: 'closed the connection before the request was sent',
  UND_ERR_CONNECT_TIMEOUT: 'did not take the connection in time',
  ETIMEDOUT: 'did not take the connection in time',
  EHOSTUNREACH: 'cannot be reached from this network',
  ENETUNREACH: 'cannot be reached from this network',
};

/** What came back is not HTTP. A body that ends too early is, but was cut. */
function isForeign(error: unknown, code: string): boolean {
  const isParserError = error instanceof Error && error.name === 'HTTPParserError';
  return code === 'UND_ERR_HEADERS_OVERFLOW' || (isParserError && code !== 'HPE_INVALID_EOF_STATE');
}

function isTLS(code: string): boolean {
  return /^(ERR_TLS|ERR_SSL|CERT_|EPROTO$|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|UND_ERR_PRX_TLS)/.test(code);
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

function refusalIn(error: unknown): AddressRefused | undefined {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    if (each instanceof AddressRefused) return each;
    // Happy-eyeballs connections collect one error per address.
    const inner = each instanceof AggregateError ? each.errors.find((one) => one instanceof AddressRefused) : undefined;
    if (inner) return inner;
  }
  return undefined;
}
