// What holds here and now: the environment, the project's config, the person's config, the defaults, in this order.

import { dirname, resolve } from 'node:path';
import { ImageError, type Json, type LazyProvider, type ProviderDefinition } from '@anyimage/core';
import { type ConfigFile, findProjectConfig, readConfig, userConfigPath } from '../config/config-files.ts';
import { type FlatConfig, flatten, unflatten } from '../config/config-keys.ts';
import { refused } from '../config/config-refusal.ts';
import type { Config } from '../config/config-schema.ts';
import { baseURLVariable, environmentLayer, withProxy } from '../config/environment.ts';
import type { Layer } from '../config/layer.ts';
import { namesInUse, type TrustState, trustOf, withoutTrust } from '../config/trust.ts';
import { type Environment, expandHome, homeFolder } from '../files/home.ts';
import { type KeyStore, openKeys } from '../keys/key-store.ts';
import { embeddedProvider } from '../services/embedded.ts';
import { providerCheck } from '../services/provider-check.ts';
import { providers as knownProviders } from '../services/providers.generated.ts';
import { lineOf } from '../text/json-lines.ts';

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
  /** Takes the project for trusted: what would hold then. */
  readonly asTrusted?: boolean;
  /**
   * Called when what a trusted project says of providers does not fit; it is left out then, and all else holds. Without this,
   * the error is thrown.
   */
  readonly onConflict?: (error: ImageError) => void;
}

/**
 * Reads the settings. Opens no keychain. What a project says of providers counts, and is checked, only if it is trusted. Throws
 * `config` for a mistake in a config and for two that do not go together, `storage` for one that cannot be read.
 */
export async function loadSettings(options: SettingsOptions = {}): Promise<Settings> {
  const { env = process.env, folder = '.', providers = knownProviders, onKeyRefused, asTrusted, onConflict } = options;
  const definitions = providers.map(({ definition }) => definition);
  const home = homeFolder(env);
  const projectPath = await findProjectConfig(folder);
  const [user, projectFile, keys] = await Promise.all([
    readConfig(userConfigPath(home), providerCheck(definitions)),
    projectPath === undefined ? undefined : readConfig(projectPath),
    openKeys(home, { env, ...(onKeyRefused && { onRefused: onKeyRefused }) }),
  ]);
  const names = namesInUse(definitions, user);
  const judged = await judge(await named(projectFile, user, definitions), { home, names, asTrusted });
  const { project } = judged;
  const { used, own, config, added } = await together({ ...judged, user, definitions, asTrusted, onConflict });
  const layers: Layer[] = [
    { kind: 'environment', values: environmentLayer(env, definitions) },
    { kind: 'project', values: from(used, project?.path) },
    { kind: 'user', values: from(own, user?.path) },
    { kind: 'default', values: from(new Map<string, Json>([['model', embeddedProvider]]), 'default') },
  ];
  const effective = new Map(
    [...layers].reverse().flatMap(({ values }) => [...values].map(([key, one]) => [key, one.value])),
  );
  const all = [...providers.map((provider) => reached(provider, config, env)), ...added];
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

/** A project's config with the kinds that its ids say, where the entry is no part of one that there is already. */
async function named(
  file: ConfigFile | undefined,
  user: ConfigFile | undefined,
  definitions: readonly ProviderDefinition[],
): Promise<ConfigFile | undefined> {
  if (!file?.config.providers) return file;
  const { withKinds } = await import('../services/endpoints.ts');
  const known = [...definitions.map(({ id }) => id), ...Object.keys(user?.config.providers ?? {})];
  return { ...file, config: { ...file.config, providers: await withKinds(file.config.providers, known) } };
}

interface Judged {
  readonly project: Project | undefined;
  readonly used: FlatConfig;
}

interface Judging {
  readonly home: string;
  /** Those that an alias may not take. */
  readonly names: readonly string[];
  readonly asTrusted: boolean | undefined;
}

async function judge(file: ConfigFile | undefined, { home, names, asTrusted }: Judging): Promise<Judged> {
  if (!file) return { project: undefined, used: new Map() };
  const trust = asTrusted ? 'trusted' : await trustOf(home, file);
  const { allowed, refused } =
    trust === 'trusted' ? { allowed: flatten(file.config), refused: [] } : await withoutTrust(file, names);
  return { project: { ...file, trust, refused }, used: placed(allowed, file) };
}

interface Files extends Judged {
  readonly user: ConfigFile | undefined;
  readonly definitions: readonly ProviderDefinition[];
  readonly asTrusted: boolean | undefined;
  readonly onConflict: SettingsOptions['onConflict'];
}

interface Together {
  readonly used: FlatConfig;
  /** What holds of the person's config, or is overruled key by key. */
  readonly own: FlatConfig;
  readonly config: Config;
  readonly added: readonly LazyProvider[];
}

/** The config of the project over that of the person, and the providers that they add. Throws `config`. */
async function together(files: Files): Promise<Together> {
  const { used, user, definitions, onConflict } = files;
  const own = besides(used, user ? flatten(user.config) : new Map());
  const config = unflatten(new Map([...own, ...used]));
  try {
    return { used, own, config, added: await addedProviders(config, definitions, files) };
  } catch (error) {
    if (!onConflict || !ImageError.isInstance(error)) throw error;
    onConflict(error);
    const rest = new Map([...used].filter(([key]) => !key.startsWith('providers.')));
    return together({ ...files, used: rest, onConflict: undefined });
  }
}

/**
 * What the person's config still says beside that of a project. A kind makes an entry another server, at another place: the rest
 * of what the person's says of that id, such as its key, is not for it.
 */
function besides(used: FlatConfig, own: FlatConfig): FlatConfig {
  const isReplaced = (key: string) => {
    const [part, id] = key.split('.');
    return part === 'providers' && used.has(`providers.${id}.kind`);
  };
  return new Map([...own].filter(([key]) => used.has(key) || !isReplaced(key)));
}

/** A project's output folder is meant from the project, not from where one is. */
function placed(values: FlatConfig, file: ConfigFile): FlatConfig {
  const output = values.get('output');
  if (output === undefined) return values;
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

/** What the person's config says alone was found to be right: what is wrong here is due to the project's. */
async function addedProviders(
  { providers }: Config,
  definitions: readonly ProviderDefinition[],
  { user, project, asTrusted }: Pick<Files, 'user' | 'project' | 'asTrusted'>,
): Promise<readonly LazyProvider[]> {
  if (!providers) return [];
  const { readEndpoints } = await import('../services/endpoints.ts');
  return readEndpoints(providers, definitions, (at, message, hint) => {
    const { path = '', text = '{}' } = project ?? {};
    const place = `${path}:${lineOf(text, at)}`;
    const isInBoth = user?.config.providers && Object.hasOwn(user.config.providers, at[1]!);
    const files = isInBoth ? `${place} and ${user.path} do not go together` : place;
    const way = asTrusted ? hint : `anyimage trust --remove leaves out what the project says. ${hint}`;
    return refused(`${files}: ${message}`, path, way);
  });
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
