// A plugin as its author would publish it: the files of the package, by path.

import { configSchemaOf, contractVersion, hostsOf, type ProviderDefinition } from '@anyimage/core';

/** What may differ from the plugin of an author who did everything right. */
export interface PluginOptions {
  readonly id?: string;
  readonly version?: string;
  readonly baseURL?: string;
  readonly key?: string;
  /** Fields of its package.json. */
  readonly about?: { readonly [field: string]: unknown };
  /** Fields of its manifest. */
  readonly manifest?: { readonly [field: string]: unknown };
  /** What its code does besides, when it is loaded. */
  readonly code?: string;
}

/** The package `anyimage-provider-paint`, or of another id. */
export function pluginFiles(options: PluginOptions = {}): { readonly [path: string]: string } {
  const { id = 'paint', version = '1.0.0', about = {}, manifest = {}, code = '' } = options;
  const definition = definitionOf(options);
  return {
    'package.json': JSON.stringify({
      name: `anyimage-provider-${id}`,
      version,
      license: 'MIT',
      type: 'module',
      keywords: ['anyimage-provider'],
      engines: { node: '>=22.19.0' },
      exports: { '.': './dist/index.js', './manifest.json': './dist/manifest.json' },
      files: ['dist'],
      peerDependencies: { '@anyimage/core': '*' },
      ...about,
    }),
    'dist/index.js': [
      "import { defineProvider } from '@anyimage/core';",
      code,
      'export const paint = defineProvider({',
      `  ...${JSON.stringify(definition)},`,
      '  sign: (key) => ({ authorization: key }),',
      "  generate: async () => { throw new Error('it draws nothing'); },",
      '});',
    ].join('\n'),
    'dist/manifest.json': JSON.stringify({
      contract: contractVersion,
      provider: definition,
      factory: { module: './dist/index.js', name: 'paint' },
      hosts: hostsOf(definition),
      config: configSchemaOf(definition),
      ...manifest,
    }),
  };
}

function definitionOf({
  id = 'paint',
  baseURL = 'https://api.paint.example/v1',
  key = 'PAINT_API_KEY',
}: PluginOptions) {
  return {
    id,
    label: 'Paint Works',
    models: {
      'paint-1': {
        label: 'Paint 1',
        source: 'https://paint.example/docs',
        checked: '2026-11-20',
        prompt: { max: 1000 },
        size: { presets: ['512x512'], default: '512x512' },
        delivery: { as: 'bytes' },
        operations: { generate: {} },
      },
    },
    defaultModel: 'paint-1',
    regions: { global: { baseURL } },
    keys: [{ env: key }],
    trustedHosts: ['.paint.example'],
  } as const satisfies ProviderDefinition;
}
