import { checkOutput, type Environment, homeFolder, type Layer } from '@anyimage/host';
import { translated } from '../print/words/translated.ts';
import { type Check, failed } from './check.ts';

/** What is known of the machine. `layers` is absent if no config could be read. */
export interface Machine {
  readonly env: Environment;
  readonly layers?: readonly Layer[];
}

/** Node, the home folder, and the proxy that requests go through. */
export async function checkMachine({ env, layers = [] }: Machine): Promise<Check[]> {
  const { versions, platform, arch } = process;
  return [
    {
      name: 'Node',
      state: 'ok',
      message: translated('{version} on {platform}', { version: versions.node, platform: `${platform} ${arch}` }),
    },
    await checkHome(homeFolder(env)),
    checkProxy(env, layers),
  ];
}

/** Writes to the home folder: nothing else shows whether that works. */
function checkHome(home: string): Promise<Check> {
  return checkOutput({ folder: home }).then(
    (): Check => ({ name: 'home', state: 'ok', message: home }),
    (error) => ({
      ...failed('home', error),
      hint: translated(
        'Config, history and open tickets are kept there: make it writable, or set ANYIMAGE_HOME to another folder.',
      ),
    }),
  );
}

/** The proxy's URL may hold a password: only host and port are shown. */
function checkProxy(env: Environment, layers: readonly Layer[]): Check {
  const names = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];
  const set = names.filter((name) => env[name]?.trim());
  if (set.length === 0) return { name: 'proxy', state: 'ok', message: translated('none') };
  const broken = set.find((name) => !hostOf(env[name]!.trim()));
  if (broken !== undefined) {
    const places = { variable: broken };
    return {
      name: 'proxy',
      state: 'error',
      message: translated('{variable} holds no http(s) proxy URL', places),
      hint: translated('Set {variable} to a URL such as http://proxy.example:8080, or unset it.', places),
    };
  }
  const except = (env.no_proxy ?? env.NO_PROXY)?.trim();
  // A proxy of the config is put into the environment that requests see.
  const from = layers.map(({ values }) => values.get('proxy')?.from).find((place) => place !== undefined) ?? set[0];
  const message = `${hostOf(env[set[0]!]!.trim())} (${from})`;
  const rest = except ? translated(', not for {hosts}', { hosts: except }) : '';
  return { name: 'proxy', state: 'ok', message: message + rest };
}

function hostOf(value: string): string | undefined {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`);
  return url && /^https?:$/.test(url.protocol) ? url.host || undefined : undefined;
}
