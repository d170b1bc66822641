// One HTTP request, as the parts of the pipeline see it: http/ makes the transport.

import type { LookupFunction } from 'node:net';
import type { AnswerHeaders } from './provider.ts';

export interface TransportRequest {
  readonly url: URL;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Any address may be reached: only for exactly the origins that the person configured. */
  readonly trusted?: boolean;
  /** Refuse what would go through a proxy: there the proxy resolves the name, and no guard sees to what. */
  readonly directOnly?: boolean;
  /** The request costs money: a failure after sending says `mayHaveBeenBilled`. */
  readonly spends?: boolean;
}

export interface TransportResponse {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** The body, to be read once. Its failures are ImageErrors; breaking off releases the connection. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The same body, if all of it came together with the head, as most short ones do: nothing is to be waited for or released then. */
  readonly whole?: Uint8Array;
  /** Releases the connection without reading the rest of the body. Never throws. */
  discard(): void;
}

/** Which addresses may be reached by a URL that somebody else wrote. */
export interface Guard {
  /** Throws `AddressRefused` unless the URL is http(s), without credentials, and no literal of a refused address. */
  check(url: URL): void;
  /** As `check`; besides, refuses names that only a local resolver knows, for requests whose name a proxy resolves. */
  checkForProxy(url: URL): void;
  /** Whether the host is a literal address that `allowNetworks` names. */
  names(host: string): boolean;
  /** For `net.connect`: resolves a name and fails with `AddressRefused` unless every address is public or allowed. */
  readonly lookup: LookupFunction;
}

/** Pooled connections, proxies and the address guard. */
export interface Transport {
  readonly guard: Guard;
  /**
   * Sends one request and resolves with the head of its answer, whatever the status.
   * Throws ImageError `network`, `bad-response`, `config`, or the signal's reason; `AddressRefused` if the guard says no.
   */
  request(request: TransportRequest): Promise<TransportResponse>;
  /** Ends all connections and what runs on them. */
  close(): Promise<void>;
}
