// Which URLs may see the key: the origin of the base URL, and hosts that the provider's definition names.

import { isIP } from 'node:net';
import { isLoopback } from './address-guard.ts';

/** How a URL stands to an instance of a provider. */
export interface Standing {
  /** Reached at any address, as the person set it up. */
  readonly isOwn: boolean;
  /** Why it is not sent the key, as the end of a sentence; absent = it is. */
  readonly unsigned?: string;
}

const own: Standing = { isOwn: true };
const trusted: Standing = { isOwn: false };

/**
 * The one rule of where the key goes. The exact origin of the base URL may see it. So may a host of `trustedHosts`, over https and at
 * port 443 alone: an entry that begins with a dot stands for every subdomain, at any depth, and not for the domain itself. An entry that
 * {@link trustedHostProblem} objects to counts for nothing.
 *
 * A service that is imitated on this machine has its other hosts there, too: where the base URL is on loopback, and there are trusted
 * hosts, other ports of that very host may see the key.
 */
export function standingOf(url: URL, base: URL, trustedHosts: readonly string[]): Standing {
  if (url.origin === base.origin) return own;
  if (trustedHosts.length > 0 && url.hostname === base.hostname && isLoopback(base.origin)) return own;
  if (!trustedHosts.some((entry) => names(entry, url.hostname))) {
    return { isOwn: false, unsigned: 'it is neither the origin of the base URL nor in trustedHosts' };
  }
  if (url.protocol !== 'https:') return { isOwn: false, unsigned: 'hosts of trustedHosts get it over https alone' };
  if (url.port !== '') return { isOwn: false, unsigned: 'hosts of trustedHosts get it at port 443 alone' };
  if (url.username || url.password) return { isOwn: false, unsigned: 'the URL holds a user name or password' };
  return trusted;
}

function names(entry: string, hostname: string): boolean {
  if (trustedHostProblem(entry) !== undefined) return false;
  return entry.startsWith('.') ? hostname.endsWith(entry) && isName(hostname) : hostname === entry;
}

/**
 * What is wrong with an entry of `trustedHosts`, and what to write instead; `undefined` if nothing is. An entry is the name of a host,
 * `api.service.example`, or a domain behind a dot, `.service.example`, for all its subdomains.
 */
export function trustedHostProblem(entry: string): string | undefined {
  const shown = JSON.stringify(entry);
  if (entry.includes('*')) {
    const rest = entry.replace(/^\*+/, '');
    const isSuffix = rest.startsWith('.') && !rest.includes('*') && trustedHostProblem(rest) === undefined;
    return `${shown} holds a *: ${isSuffix ? `write ${JSON.stringify(rest)} for all its subdomains` : byName}`;
  }
  const dot = entry.startsWith('.') ? '.' : '';
  const domain = entry.slice(dot.length);
  if (!isName(domain)) return `${shown} ${nameProblem(domain, dot)}`;
  if (dot && isShared(domain)) return `${shown} stands for hosts of anybody: ${byName}`;
  return undefined;
}

const byName = 'write the hosts of the service by their names, or its domain behind a dot, such as ".service.example"';

/** What is wrong with a domain, as it would stand behind `dot`. */
function nameProblem(domain: string, dot: string): string {
  const url = URL.parse(domain.includes('://') ? domain : `https://${domain.trim()}`);
  const hostname = url?.hostname.replace(/\.$/, '') ?? '';
  if (isIP(hostname.replace(/^\[|\]$/g, ''))) return 'is an address: write the name of the host';
  if (dot && /^[a-z]+\.?$/i.test(domain)) return `stands for hosts of anybody: ${byName}`;
  const instead = isName(hostname) ? `write ${JSON.stringify(dot + hostname)}` : byName;
  if (url?.port) return `names a port, and keys go to port 443 alone: ${instead}`;
  return `is no name of a host as URLs have it: ${instead}`;
}

/** Whether it is the whole name of a host as `URL.hostname` gives it: lower case, no unicode, no dot at its end, and no address. */
function isName(domain: string): boolean {
  return domain.length <= 253 && name.test(domain);
}

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const name = new RegExp(`^(?:${label}\\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$`);

/** Whether anybody can have a host below a domain. The list of all such domains is long and changes: these are the likely slips. */
function isShared(domain: string): boolean {
  return (
    /^(?:ac|co|com|edu|gob|gov|gv|ltd|me|mil|ne|net|nom|or|org|plc|sch)\.[a-z]{2}$/.test(domain) || rented.has(domain)
  );
}

/** Where anybody can rent a host. */
const rented: ReadonlySet<string> = new Set([
  ...['amazonaws.com', 's3.amazonaws.com', 'cloudfront.net', 'elasticbeanstalk.com', 'on.aws', 'awsapprunner.com'],
  ...['azurewebsites.net', 'azurefd.net', 'windows.net', 'blob.core.windows.net', 'cloudapp.net'],
  ...[
    'appspot.com',
    'run.app',
    'web.app',
    'firebaseapp.com',
    'googleapis.com',
    'googleusercontent.com',
    'blogspot.com',
  ],
  ...['aliyuncs.com', 'myqcloud.com', 'volces.com', 'digitaloceanspaces.com', 'ondigitalocean.app'],
  ...['workers.dev', 'pages.dev', 'r2.dev', 'r2.cloudflarestorage.com', 'trycloudflare.com'],
  ...['github.io', 'gitlab.io', 'vercel.app', 'netlify.app', 'herokuapp.com', 'fly.dev', 'onrender.com', 'deno.dev'],
  ...['ngrok.io', 'ngrok.app', 'ngrok-free.app', 'hf.space', 'modal.run', 'railway.app', 'surge.sh'],
]);
