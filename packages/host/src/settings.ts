// What holds here and now: the environment, the project's config, the person's config, the defaults, in this order.

import { dirname, resolve } from 'node:path';
import { ImageError, type Json, type LazyProvider, type ProviderDefinition } from '@anyimage/core';
import { type ConfigFile, findProjectConfig, readConfig, userConfigPath } from './config-files.ts';
import { type FlatConfig, flatten, unflatten } from './config-keys.ts';
import type { Config } from './config-schema.ts';
import { embeddedProvider } from './embedded.ts';
import { baseURLVariable, environmentLayer, withProxy } from './environment.ts';
import { type Environment, expandHome, homeFolder } from './home.ts';
import { type KeyStore, openKeys } from './key-store.ts';
import { providers as knownProviders } from './providers.generated.ts';
import { type TrustState, trustOf, withoutTrust } from './trust.ts';

/** A place that settings come from, the strongest first. */
export interface Layer {
  readonly kind: 'environment' | 'project' | 'user' | 'default';
  /** Key -> value and where exactly it is from: a variable, a file. */
  readonly values: ReadonlyMap<string, { readonly value: Json; readonly from: string }>;
}

/** The config of the project that one is in. */
export interface Project extends ConfigFile {
  readonly trust: TrustState;
  /** Keys that are not used because they need trust. */
  readonly refused: readonly string[];
}

/** Everything that an app needs to make a client. */
export interface Settings {
  /** With the proxy of the config and the stored keys. Its keys are not enumerable: no copy or log holds them. */
  readonly env: Environment;
  /** The same, with `***` for the stored keys: to see what is set without asking the keychain. */
  readonly shownEnv: Environment;
  readonly home: string;
  readonly keys: KeyStore;
  /** What draws when no flag says so: a name, or a list to try in order. */
  readonly model: string | readonly string[];
  /** Whether the person chose it. */
  readonly modelChosen: boolean;
  /** Where pictures without a path go; absolute. */
  readonly outputFolder: string;
  /** Everything set by configs. */
  readonly config: Config;
  /** The known providers, each reached as the config says, then those that the config adds. */
  readonly providers: readonly LazyProvider[];
  readonly user?: ConfigFile;
  readonly project?: Project;
  readonly layers: readonly Layer[];
  /** What the person should know: wishes of a project that were not followed, settings without effect. */
  readonly notes: readonly string[];
}

export interface SettingsOptions {
  /** Default `process.env`. */
  readonly env?: Environment;
  /** Where one is; default the current folder. */
  readonly folder?: string;
  /** Default those that come with anyimage. */
  readonly providers?: readonly LazyProvider[];
  /** Called, once for each key, when the keychain does not give it; it then counts as missing. */
  readonly onKeyRefused?: (name: string, reason: string) => void;
}

/** Reads the settings. Opens no keychain. Throws `config` for a mistake in a config, `storage` for one that cannot be read. */
export async function loadSettings(options: SettingsOptions = {}): Promise<Settings> {
  const { env = process.env, folder = '.', providers = knownProviders, onKeyRefused } = options;
  const definitions = providers.map(({ definition }) => definition);
  const home = homeFolder(env);
  const projectPath = await findProjectConfig(folder);
  const [user, projectFile, keys] = await Promise.all([
    readConfig(userConfigPath(home), definitions),
    projectPath === undefined ? undefined : readConfig(projectPath, definitions),
    openKeys(home, { env, ...(onKeyRefused && { onRefused: onKeyRefused }) }),
  ]);
  const { project, used } = await judge(projectFile, home);
  const layers: Layer[] = [
    { kind: 'environment', values: environmentLayer(env, definitions) },
    { kind: 'project', values: from(placed(used, projectFile), projectFile?.path) },
    { kind: 'user', values: from(user ? flatten(user.config) : new Map(), user?.path) },
    { kind: 'default', values: from(new Map<string, Json>([['model', embeddedProvider]]), 'default') },
  ];
  const effective = new Map(
    [...layers].reverse().flatMap(({ values }) => [...values].map(([key, one]) => [key, one.value])),
  );
  const fromFiles = new Map(
    layers
      .slice(1, 3)
      .reverse()
      .flatMap(({ values }) => [...values].map(([key, one]) => [key, one.value])),
  );
  const config = unflatten(fromFiles);
  const all = [
    ...providers.map((provider) => reached(provider, config, env)),
    ...(await addedProviders(config, definitions)),
  ];
  const allDefinitions = all.map(({ definition }) => definition);
  const proxied = withProxy(env, config.proxy);
  return {
    env: keys.addTo(proxied, allDefinitions),
    shownEnv: keys.addTo(proxied, allDefinitions, () => '***'),
    home,
    keys,
    model: effective.get('model') as Settings['model'],
    modelChosen: layers.slice(0, 3).some(({ values }) => values.has('model')),
    outputFolder: resolve(folder, expandHome(String(effective.get('output') ?? '.'))),
    config,
    providers: all,
    ...(user && { user }),
    ...(project && { project }),
    layers,
    notes: [...projectNotes(project), ...configNotes(config)],
  };
}

async function judge(
  file: ConfigFile | undefined,
  home: string,
): Promise<{ project: Project | undefined; used: FlatConfig }> {
  if (!file) return { project: undefined, used: new Map() };
  const trust = await trustOf(home, file);
  if (trust === 'trusted') return { project: { ...file, trust, refused: [] }, used: flatten(file.config) };
  const { allowed, refused } = await withoutTrust(file);
  return { project: { ...file, trust, refused }, used: allowed };
}

/** A project's output folder is meant from the project, not from where one is. */
function placed(values: FlatConfig, file: ConfigFile | undefined): FlatConfig {
  const output = values.get('output');
  if (!file || output === undefined) return values;
  return new Map([...values, ['output', resolve(dirname(file.path), expandHome(String(output)))]]);
}

function from(values: FlatConfig, place = ''): Layer['values'] {
  return new Map([...values].map(([key, value]) => [key, { value, from: place }]));
}

function reached(provider: LazyProvider, config: Config, env: Environment): LazyProvider {
  const { baseURL, region, textModel } = config.providers?.[provider.definition.id] ?? {};
  // What core is told explicitly would win over the environment, which is the stronger one here.
  const isSet = baseURLVariable(provider.definition, env, region) !== undefined;
  const access = {
    ...(baseURL !== undefined && !isSet && { baseURL }),
    ...(region !== undefined && { region }),
    ...(textModel !== undefined && { textModel }),
  };
  return Object.keys(access).length > 0 ? { ...provider, access: { ...provider.access, ...access } } : provider;
}

/** Each file was found to be right; what they say together may not be. */
async function addedProviders(
  { providers }: Config,
  definitions: readonly ProviderDefinition[],
): Promise<readonly LazyProvider[]> {
  if (!providers) return [];
  const { readEndpoints } = await import('./endpoints.ts');
  const endpoints = await readEndpoints(providers, definitions, (_, message, hint) => {
    return new ImageError('config', `your config and that of the project do not go together: ${message}`, { hint });
  });
  return endpoints.map(({ provider }) => provider);
}

function projectNotes(project: Project | undefined): string[] {
  if (!project || project.refused.length === 0) return [];
  const { path, refused, trust } = project;
  const why = trust === 'changed' ? 'it changed since you trusted it' : 'you have not trusted it';
  return [`${path} wants to set ${refused.join(', ')}: not used, ${why}; anyimage trust shows what would change`];
}

function configNotes({ plugins }: Config): string[] {
  return plugins?.length ? [`plugins are not loaded yet: ${plugins.join(', ')}`] : [];
}
