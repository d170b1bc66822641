// The `Http` of one provider instance: joins URLs, signs what may be signed, follows redirects of questions, reads answers.

import type { Json } from '../contract/capabilities.ts';
import type { SecretKey } from '../contract/engine.ts';
import { ImageError } from '../contract/errors.ts';
import type { Answer, Http, HttpRequest, ProviderFunctions } from '../contract/provider.ts';
import type { Transport, TransportResponse } from '../contract/transport.ts';
import { foreignFacts, foreignLine, longest, quoted } from '../foreign/foreign.ts';
import { type Hidden, redact } from '../foreign/redact.ts';
import { shownBody } from '../foreign/shown-body.ts';
import { AddressRefused } from './address-guard.ts';
import { type AnswerFacts, createAnswer } from './answer.ts';
import type { AnswerMemory } from './body/answer-memory.ts';
import { encodeForm } from './form.ts';
import { userAgent } from './manifest.ts';
import { maxRedirects, redirectTarget } from './redirect.ts';
import { standingOf } from './trusted-hosts.ts';

export interface HttpOptions {
  readonly transport: Transport;
  /** Its exact origin is trusted: reached at any address, and signed. */
  readonly baseURL: string;
  /** Hosts, and domains behind a dot, that are signed over https; reached only at public addresses. */
  readonly trustedHosts: readonly string[];
  /** Without a key nothing is signed. */
  readonly key?: Pick<SecretKey, 'ask' | 'renew'> | undefined;
  /** Further headers for what may see the key, by their names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What no log line and no error may hold. */
  readonly hidden: () => Hidden;
  readonly sign: ProviderFunctions['sign'];
  readonly signal: AbortSignal;
  /** Whether every request costs money, also one that does not say so. */
  readonly spends?: boolean | undefined;
  /** For what long answers hold; default: memory like any other. */
  readonly memory?: AnswerMemory | undefined;
  readonly log: ((event: string, facts?: Json) => void) | undefined;
  readonly onSuccess?: AnswerFacts['onSuccess'];
}

/** Makes the `Http` of one provider instance. Its errors never hold the key, whatever the service quotes. */
export function createHttp(options: HttpOptions): Http {
  const base = parseBase(options.baseURL);
  const spends = (request: HttpRequest) => (request.spends || options.spends) ?? false;

  /** Notes a request or an answer, its body in the form in which a log may hold it. */
  function noteBody(
    event: 'request' | 'answer',
    { host, pathname }: URL,
    head: { [name: string]: Json },
    body: unknown,
  ): void {
    if (!options.log) return;
    const facts = { ...head, host, path: pathname, ...(body !== undefined && { body: shownBody(body) }) };
    options.log(event, foreignFacts(facts, options.hidden()));
  }

  /** Sends one hop. */
  async function sendHop(
    url: URL,
    request: HttpRequest,
    content: Content,
    renewed?: string,
  ): Promise<TransportResponse> {
    const { transport, signal } = options;
    const method = methodOf(request);
    const { isOwn, unsigned } = standingOf(url, base.url, options.trustedHosts);
    const isSigned = unsigned === undefined;
    // A host that may not see the key gets none of the provider's headers either: they may identify the account.
    const own = isSigned || url.origin === target(request.to).origin ? request.headers : undefined;
    const started = performance.now();
    const shown = (part: string) => foreignLine(part, { key: options.hidden(), longest: longest.url });
    const note = (facts: { status: number } | { error: string }) =>
      options.log?.('http', {
        method,
        host: shown(url.host),
        path: shown(url.pathname),
        ...facts,
        ms: Math.round(performance.now() - started),
      });
    try {
      const headers: Record<string, string> = { 'user-agent': userAgent, accept: 'application/json, */*;q=0.8' };
      if (content.type) headers['content-type'] = content.type;
      addLowerCased(headers, own);
      const key = isSigned ? (renewed ?? (await options.key?.ask(signal))) : undefined;
      if (isSigned) await sign(headers, { key, method, url });
      const response = await transport.request({
        url,
        method,
        headers,
        ...(content.body !== undefined && { body: content.body }),
        signal,
        trusted: isOwn,
        ...(spends(request) && { spends: true }),
      });
      note({ status: response.status });
      if (unsigned !== undefined && wantsKey(response) && options.key) {
        response.discard();
        throw keptKey(url, response, unsigned);
      }
      // Only a question that costs nothing is put a second time.
      const mayAskAgain = response.status === 401 && method === 'GET' && !spends(request) && renewed === undefined;
      const other = mayAskAgain && key !== undefined ? await options.key?.renew(key, signal) : undefined;
      if (other === undefined) return response;
      response.discard();
      return await sendHop(url, request, content, other);
    } catch (error) {
      const failure = error instanceof AddressRefused ? refused(url, error) : error;
      note({ error: ImageError.isInstance(failure) ? failure.code : 'unknown' });
      throw failure;
    }
  }

  /** Adds the signature and the person's headers, none of which may be there already. Throws `config` if one is. */
  async function sign(
    headers: Record<string, string>,
    { key, method, url }: { key: string | undefined; method: string; url: URL },
  ): Promise<void> {
    if (key !== undefined) addLowerCased(headers, await options.sign(key, { method, url }));
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      if (Object.hasOwn(headers, name) && name !== 'user-agent') throw notTheirs(name);
      headers[name] = value;
    }
  }

  /** An absolute URL as it is; anything else below the base URL, whose path stays. */
  function target(to: string): URL {
    const isAbsolute = /^https?:\/\//i.test(to);
    const url = URL.parse(isAbsolute ? to : `${base.below}${to.replace(/^\/+/, '')}`);
    if (!url || (!isAbsolute && !url.href.startsWith(base.below))) {
      throw new ImageError('bad-response', `${quoted(to)} is no path below the base URL`, {
        hint: 'This is a defect of the provider, or the service gave a strange id; report it.',
      });
    }
    if (url.origin === base.origin) addMissing(url, base.query);
    return url;
  }

  return {
    async send(request: HttpRequest): Promise<Answer> {
      const method = methodOf(request);
      const content = request.form ? await encodeForm(request.form) : jsonContent(request);
      let url = target(request.to);
      noteBody('request', url, { method }, request.form ?? request.json);
      for (let hop = 0; ; hop++) {
        const response = await sendHop(url, request, content);
        const next = redirectTarget(response.status, response.headers, url);
        if (next === undefined) {
          const { memory, signal, hidden, onSuccess } = options;
          const hideKey = (text: string) => redact(text, hidden());
          return createAnswer(response, {
            host: url.host,
            spends: spends(request),
            redact: hideKey,
            memory,
            signal,
            onSuccess,
            onBody: (body) => noteBody('answer', url, { status: response.status }, body),
          });
        }
        response.discard();
        if (next === 'invalid' || method !== 'GET' || hop === maxRedirects) throw badRedirect(method, url, next, hop);
        url = next;
      }
    },
  };
}

interface Base {
  readonly url: URL;
  readonly origin: string;
  /** What URLs below it begin with. */
  readonly below: string;
  /** Goes with every request to the origin. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

/**
 * Whether a URL that the service gave may see the key: at the exact origin of the base URL and below its path. One that some server
 * reads as another path than it is written, by encoded dots and slashes or by parameters behind dots, may not.
 */
export function isBelow(url: URL, baseURL: string): boolean {
  const isOneWay = !/%(?:25)*(?:2e|2f|3b|5c)|\/\.{1,2};/i.test(url.pathname);
  // A user name stands before the host, so that such a URL begins with no base.
  return isOneWay && url.href.startsWith(parseBase(baseURL).below);
}

/** The base URL that was parsed last: most requests of a program go to one service. */
let lastBase: { readonly baseURL: string; readonly base: Base } | undefined;

function parseBase(baseURL: string): Base {
  if (lastBase?.baseURL === baseURL) return lastBase.base;
  const url = new URL(baseURL);
  const { origin, pathname, searchParams } = url;
  const base = { url, origin, below: `${origin}${pathname.replace(/\/+$/, '')}/`, query: [...searchParams] };
  lastBase = { baseURL, base };
  return base;
}

function addMissing({ searchParams }: URL, query: Base['query']): void {
  for (const [name, value] of query) if (!searchParams.has(name)) searchParams.append(name, value);
}

interface Content {
  /** The media type. */
  readonly type?: string;
  readonly body?: string | Uint8Array;
}

function jsonContent({ json }: HttpRequest): Content {
  return json === undefined ? {} : { type: 'application/json', body: JSON.stringify(json) };
}

function methodOf({ method, json, form }: HttpRequest): NonNullable<HttpRequest['method']> {
  return method ?? (json !== undefined || form ? 'POST' : 'GET');
}

function addLowerCased(headers: Record<string, string>, more: Readonly<Record<string, string>> = {}): void {
  for (const name of Object.keys(more)) headers[name.toLowerCase()] = more[name]!;
}

function refused(url: URL, error: AddressRefused): ImageError {
  return new ImageError('bad-response', `a URL of the service (host ${url.host}) ${error.reason}`, {
    cause: error,
    details: { problem: 'address' },
    hint: 'If that network is yours, add it to allowNetworks.',
  });
}

/** A header of the person's that would take the place of one that is needed. */
function notTheirs(name: string): ImageError {
  return new ImageError('config', `headers: ${JSON.stringify(name)} is set by the provider itself`, {
    details: { option: 'headers', name },
    hint: 'Leave it out of the headers; a key belongs into apiKey.',
  });
}

function wantsKey({ status }: TransportResponse): boolean {
  return status === 401 || status === 403;
}

/** The refusal of a host that was not sent the key. `unsigned`: why not. It is no `auth`: the key is not in doubt. */
function keptKey({ host, hostname }: URL, { status }: TransportResponse, unsigned: string): ImageError {
  const answered = `${host} refused a request without a key (HTTP ${status})`;
  return new ImageError('permission', `${answered}; no key was sent there: ${unsigned}`, {
    status,
    details: { problem: 'key-kept', host },
    hint:
      `Nothing is wrong with the key. If ${hostname} is a host of the service, its provider has to name it in trustedHosts, ` +
      'by its name or, for all subdomains, by the domain behind a dot; else the service gave an address that is not its own.',
  });
}

function badRedirect(method: string, from: URL, to: URL | 'invalid', hop: number): ImageError {
  if (to === 'invalid') {
    return new ImageError('bad-response', `${from.host} redirected to no valid URL`, {
      hint: 'Check that the base URL is the one of the service.',
    });
  }
  if (method !== 'GET') {
    return new ImageError('bad-response', `${from.host} redirected a ${method} request to ${to.host}`, {
      hint: 'Nothing was repeated there; if the service has moved, set that address as the base URL.',
    });
  }
  return new ImageError('bad-response', `more than ${hop} redirects, the last from ${from.host} to ${to.host}`, {
    hint: 'Check that the base URL is the one of the service.',
  });
}
