// Plugins as they lie in a person's home once they were added, written by hand: with right and with broken code.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  configSchemaOf,
  contractVersion,
  hostsOf,
  type ProviderDefinition,
  type ProviderManifest,
} from '@anyimage/core';
import { type PluginEntry, pluginListPath, pluginListText } from '@anyimage/host';

/** A plugin, and what it is made of. */
export interface Plugin {
  readonly entry: PluginEntry;
  /** By path in the package. */
  readonly files: { readonly [path: string]: string };
}

/** What is other than usual. */
export interface PluginChanges {
  readonly manifest?: Partial<ProviderManifest>;
  readonly definition?: Partial<ProviderDefinition>;
  readonly node?: string;
  /** The text of its main module, from the usual one. */
  readonly code?: (usual: string) => string;
  readonly emulator?: (usual: string) => string;
}

/** A plugin whose service answers with a picture at once. Its variables are made of its id: `IT_API_KEY`. */
export function plugin(id: string, changes: PluginChanges = {}): Plugin {
  const variable = id.toUpperCase().replaceAll('-', '_');
  const usual: ProviderDefinition = {
    id,
    label: `The service ${id}`,
    models: {
      [`${id}-1`]: {
        label: `${id} 1`,
        source: 'https://it.example/docs',
        checked: '2026-11-20',
        operations: { generate: {} },
        delivery: { as: 'bytes' },
        size: { presets: ['64x64', '96x64'], default: '64x64' },
        prices: [{ amount: 0.01, currency: 'USD', per: 'image' }],
      },
    },
    defaultModel: `${id}-1`,
    regions: { world: { baseURL: `https://api.${id}.example/v1` } },
    keys: [{ env: `${variable}_API_KEY` }],
    baseURLs: [{ env: `${variable}_BASE_URL` }],
  };
  const provider = { ...usual, ...changes.definition };
  const emulator = {
    id,
    keyEnv: provider.keys[0]?.env ?? `${variable}_API_KEY`,
    baseURLEnv: provider.baseURLs?.[0]?.env ?? `${variable}_BASE_URL`,
  };
  const code = mainModule(usual);
  const imitation = emulatorModule(emulator);
  return {
    entry: {
      package: `anyimage-provider-${id}`,
      version: '1.0.0',
      from: `anyimage-provider-${id}`,
      folder: `${id}-1.0.0`,
      addedAt: '2026-11-29T12:00:00.000Z',
      ...(changes.node !== undefined && { node: changes.node }),
      manifest: {
        contract: contractVersion,
        provider,
        factory: { module: './dist/index.js', name: 'make' },
        emulator: { ...emulator, module: './dist/emulator.js', name: 'emulator' },
        hosts: hostsOf(provider),
        config: configSchemaOf(provider),
        ...changes.manifest,
      },
    },
    files: {
      'package.json': JSON.stringify({ name: `anyimage-provider-${id}`, version: '1.0.0', type: 'module' }),
      'dist/index.js': changes.code?.(code) ?? code,
      'dist/emulator.js': changes.emulator?.(imitation) ?? imitation,
    },
  };
}

function mainModule(definition: ProviderDefinition): string {
  return `import { defineProvider, ImageError } from '@anyimage/core';
const definition = ${JSON.stringify(definition)};
export const make = defineProvider({
  ...definition,
  sign: (key) => ({ authorization: 'Bearer ' + key }),
  async generate(call, { http }) {
    const json = { prompt: call.prompt, width: call.size?.width, height: call.size?.height };
    const answer = await http.send({ to: 'pictures', json, spends: true });
    const { picture } = await answer.json();
    if (answer.status !== 200) throw new ImageError('content-blocked', 'the service refuses');
    return { outputs: [{ base64: picture }] };
  },
});
`;
}

function emulatorModule(facts: { readonly id: string; readonly keyEnv: string; readonly baseURLEnv: string }): string {
  return `import { defineEmulator } from '@anyimage/testkit';
export const emulator = defineEmulator({
  ...${JSON.stringify(facts)},
  label: 'It',
  basePath: '/v1',
  currency: 'USD',
  authorize: ({ request, key }) =>
    request.headers.authorization === 'Bearer ' + key ? undefined : { status: 401, json: { error: 'bad key' } },
  unknown: { status: 404, json: { error: 'no such address' } },
  failures: {},
  routes: [{
    method: 'POST',
    path: 'pictures',
    point: 'generate',
    spends: true,
    answer(exchange) {
      const { prompt, width = 64, height = 64 } = exchange.body;
      if (prompt === 'blocked') return { status: 400, json: {} };
      const picture = exchange.pictureBytes({ prompt, width, height });
      return { json: { picture: Buffer.from(picture).toString('base64') }, cost: 0.01 };
    },
  }],
});
`;
}

/** Puts plugins into a home: their files and their list. */
export async function install(home: string, plugins: readonly Plugin[]): Promise<void> {
  for (const { entry, files } of plugins) {
    for (const [path, text] of Object.entries(files)) {
      await write(join(dirname(pluginListPath(home)), entry.folder, 'node_modules', entry.package, path), text);
    }
  }
  await write(pluginListPath(home), pluginListText(plugins.map(({ entry }) => entry)));
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
