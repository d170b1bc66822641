// A plugin as its author would publish it: the files of the package, by path.

import type { ProviderDefinition } from '@anyimage/core';
import { plugin } from './plugins.ts';

/** What is other than in the package of an author who did everything right. */
export interface PluginOptions {
  readonly id?: string;
  readonly version?: string;
  readonly definition?: Partial<ProviderDefinition>;
  /** Fields of its package.json. */
  readonly about?: { readonly [field: string]: unknown };
  /** Fields of its manifest. */
  readonly manifest?: { readonly [field: string]: unknown };
  /** What its code begins with. */
  readonly code?: string;
}

/** The package `anyimage-provider-paint`, or of another id. */
export function pluginFiles(options: PluginOptions = {}): { readonly [path: string]: string } {
  const { id = 'paint', version = '1.0.0', definition = {}, about = {}, manifest = {}, code = '' } = options;
  const { entry, files } = plugin(id, { definition, code: (usual) => code + usual });
  const packageJson = {
    name: entry.package,
    version,
    license: 'MIT',
    type: 'module',
    keywords: ['anyimage-provider'],
    engines: { node: '>=22.19.0' },
    exports: { '.': './dist/index.js', './emulator': './dist/emulator.js', './manifest.json': './dist/manifest.json' },
    files: ['dist'],
    peerDependencies: { '@anyimage/core': '*' },
    ...about,
  };
  return {
    ...files,
    'package.json': JSON.stringify(packageJson),
    'dist/manifest.json': JSON.stringify({ ...entry.manifest, ...manifest }),
  };
}
