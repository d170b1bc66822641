import { type Environment, homeFolder } from '@anyimage/host';
import type { Check } from './check.ts';

/** Node, and the proxy that requests go through. */
export function checkMachine(env: Environment): Check[] {
  const { versions, platform, arch } = process;
  return [
    { name: 'Node', state: 'ok', message: `${versions.node} on ${platform} ${arch}` },
    { name: 'home', state: 'ok', message: homeFolder(env) },
    checkProxy(env),
  ];
}

/** The proxy's URL may hold a password: only host and port are shown. */
function checkProxy(env: Environment): Check {
  const names = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];
  const set = names.filter((name) => env[name]?.trim());
  if (set.length === 0) return { name: 'proxy', state: 'ok', message: 'none' };
  const broken = set.find((name) => !hostOf(env[name]!.trim()));
  if (broken !== undefined) {
    const hint = `Set ${broken} to a URL such as http://proxy.example:8080, or unset it.`;
    return { name: 'proxy', state: 'error', message: `${broken} holds no http(s) proxy URL`, hint };
  }
  const except = (env.no_proxy ?? env.NO_PROXY)?.trim();
  const message = `${hostOf(env[set[0]!]!.trim())} (${set[0]})${except ? `, not for ${except}` : ''}`;
  return { name: 'proxy', state: 'ok', message };
}

function hostOf(value: string): string | undefined {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`);
  return url && /^https?:$/.test(url.protocol) ? url.host || undefined : undefined;
}
