import { ImageError } from '../contract/errors.ts';
import { isLoopback } from './address-guard.ts';

/** The proxy for one request. */
export interface ProxyChoice {
  /** As set, credentials included: never shown. */
  readonly url: string;
  /** Host and port: what messages may name. */
  readonly host: string;
}

/**
 * The proxy that the environment names for a URL, or `undefined`. Read: `https_proxy` or `http_proxy` by the URL's scheme,
 * and `no_proxy`; each lower case first, then upper case. A proxy without a scheme is taken as `http://`.
 *
 * `NO_PROXY` holds entries parted by commas or spaces: `*` (all), `example.com` (the host and its subdomains),
 * `.example.com` or `*.example.com` (its subdomains), each optionally with `:port`. Loopback is exempt always: to a proxy it is another
 * machine.
 * Throws `config` for a proxy that is no http(s) URL, naming the variable and not its value.
 */
export function proxyFor(url: URL, env: { readonly [name: string]: string | undefined }): ProxyChoice | undefined {
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const lower = read(env, name);
  const variable = lower ? name : name.toUpperCase();
  const value = lower ?? read(env, variable);
  if (!value || isLoopback(url.href) || isExempt(url, read(env, 'no_proxy') ?? read(env, 'NO_PROXY') ?? ''))
    return undefined;
  const proxy = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`);
  if (!proxy || !['http:', 'https:'].includes(proxy.protocol) || !proxy.hostname) {
    throw new ImageError('config', `the environment variable ${variable} holds no http(s) proxy URL`, {
      details: { variable },
      hint: `Set ${variable} to a URL such as http://proxy.example:8080, or unset it.`,
    });
  }
  return { url: proxy.href, host: proxy.host };
}

function read(env: { readonly [name: string]: string | undefined }, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

function isExempt(url: URL, list: string): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const host = bare(url.hostname.toLowerCase());
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      // A port follows a name, an IPv4 address, or an IPv6 address in brackets; a bare IPv6 address has none.
      const [, name = entry, wanted] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
      if (wanted !== undefined && wanted !== port) return false;
      const pattern = bare(name).replace(/^\*(?=\.)/, '');
      return pattern.startsWith('.') ? host.endsWith(pattern) : host === pattern || host.endsWith(`.${pattern}`);
    });
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
