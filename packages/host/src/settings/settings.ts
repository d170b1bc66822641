// What holds here and now: the environment, the project's config, the person's config, the defaults, in this order.

import type { ImageError, Json, LazyProvider, ProviderDefinition } from '@anyimage/core';
import type { ProviderCheck } from '../config/config-check.ts';
import { type ConfigFile, findProjectConfig, readConfig, userConfigPath } from '../config/config-files.ts';
import { type FlatConfig, flatten } from '../config/config-keys.ts';
import { howToAddPlugins } from '../config/config-refusal.ts';
import type { Config } from '../config/config-schema.ts';
import { baseURLVariable, environmentLayer, imageBytesIn, unfilledNotes, withProxy } from '../config/environment.ts';
import type { Layer } from '../config/layer.ts';
import { namesInUse } from '../config/trust.ts';
import { type Environment, homeFolder, placeOfPath } from '../files/home.ts';
import { type KeyStore, openKeys } from '../keys/key-store.ts';
import { knownServices, withoutPlugins } from '../plugins/known-services.ts';
import type { PluginEntry } from '../plugins/plugin-list.ts';
import { embeddedProvider } from '../services/embedded.ts';
import { providerCheck } from '../services/provider-check.ts';
import type { KnownEmulator } from '../services/provider-list.ts';
import { type KeptTables, openTables } from '../tables/kept-tables.ts';
import { type TableSources, withTables } from '../tables/merged.ts';
import { installedPackage } from '../tables/update-counts.ts';
import { parseRecord } from '../text/json.ts';
import type { OnNotice } from '../text/notice.ts';
import { costlyChoices } from './free-choice.ts';
import { type MergedConfigs, mergeConfigs } from './merge-configs.ts';
import { besideProfile, type Profile, profileInUse, withProfile } from './profile.ts';
import { type JudgedProject, judgeProject, type Project, projectNotes, withoutKeys } from './project.ts';

/** What stands for a stored key where only whether there is one counts; no placeholder, which would count as none. */
const storedKey = 'stored';

/** Everything that an app needs to make a client. */
export interface Settings {
  /** With the proxy of the config and the stored keys. Its keys are not enumerable: no copy or log holds them. */
  readonly env: Environment;
  /** The same, with a word for each of the stored keys: to see what is set without asking the keychain. */
  readonly shownEnv: Environment;
  readonly home: string;
  readonly keys: KeyStore;
  /** What draws when no flag says so: a name, or a list to try in order. */
  readonly model: string | readonly string[];
  /** Whether the person chose it. */
  readonly modelChosen: boolean;
  /** The name of the profile in use. */
  readonly profile?: string;
  /** Where pictures without a path go; absolute. */
  readonly outputFolder: string;
  /** The largest picture that is taken, bytes; absent = as core does. */
  readonly maxImageBytes?: number;
  /** Everything set by configs. */
  readonly config: Config;
  /**
   * The known providers, each reached as the config says, then those that the config adds. Their tables are those that hold here: what is kept
   * of a provider is read when its table is looked at.
   */
  readonly providers: readonly LazyProvider[];
  /** The same without the models of the person's own that the config names. */
  readonly withoutOwn: readonly LazyProvider[];
  /** What is kept of services' lists, and of tables of newer packages. */
  readonly tables: KeptTables;
  /** The services that can be imitated. */
  readonly emulators: readonly KnownEmulator[];
  readonly user?: ConfigFile;
  readonly project?: Project;
  readonly layers: readonly Layer[];
  /** What the person should know: wishes of a project that were not followed, settings without effect, plugins that are not used. */
  readonly notes: readonly string[];
}

export interface SettingsOptions {
  /** Default `process.env`. */
  readonly env?: Environment;
  /** Where one is; default the current folder. */
  readonly folder?: string;
  /** Default those that come with anyimage, and those of the person's plugins. */
  readonly providers?: readonly LazyProvider[];
  /**
   * Reads what stands in place of the person's own config: an app may have one of its own form, with words of this one. Default: `config.json`
   * of the home folder.
   */
  readonly readUser?: (check: ProviderCheck) => Promise<ConfigFile | undefined>;
  /**
   * Called, once for each key, when the keychain does not give it; it then counts as missing. Called for each file of a table that cannot be
   * used, when the table is looked at.
   */
  readonly onNotice?: OnNotice;
  /** Leaves the project out: what holds for this person everywhere. */
  readonly withoutProject?: boolean;
  /** Takes the project for trusted: what would hold then. */
  readonly asTrusted?: boolean;
  /**
   * Called when what a trusted project says of providers or models does not fit; it is left out then, and all else holds. Without this,
   * the error is thrown.
   */
  readonly onConflict?: (error: ImageError) => void;
}

/**
 * Reads the settings. Opens no keychain. What a project says of providers counts, and is checked, only if it is trusted. Throws
 * `config` for a mistake in a config and for two that do not go together, `storage` for one that cannot be read.
 */
export async function loadSettings(options: SettingsOptions = {}): Promise<Settings> {
  const { env = process.env, folder = '.', onNotice, asTrusted, onConflict } = options;
  const { withoutProject = false } = options;
  const home = homeFolder(env);
  const { readUser = (check: ProviderCheck) => readConfig(userConfigPath(home), check) } = options;
  const services = options.providers ? { ...withoutPlugins, providers: options.providers } : await knownServices(home);
  const { providers, emulators, isLeftOut } = services;
  const definitions = providers.map(({ definition }) => definition);
  const [written, projectFile, keys] = await Promise.all([
    readUser(providerCheck(services)),
    withoutProject ? undefined : readProjectConfig(folder),
    openKeys(home, { env, onNotice }),
  ]);
  const profile = profileInUse(written, env);
  const user = written && profile ? withProfile(written, profile) : written;
  const found =
    projectFile &&
    (await judgeProject(await fillInKinds(projectFile, user, definitions), {
      home,
      namesInUse: namesInUse(definitions, user),
      asTrusted,
    }));
  const judged = found && { ...found, keys: besideProfile(found.keys, profile) };
  // Which keys are stored says which region is in use; the keychain is not asked for them.
  const withKeys = keys.addTo(env, definitions, () => storedKey);
  const tables = openTables(home, onNotice);
  const layTables = ({ config, addedProviders }: MergedConfigs) => {
    const known = providers.map((provider) => withAccess(provider, config, withKeys));
    return laidTables([...known, ...addedProviders], config, { tables, env: withKeys, plugins: services.plugins });
  };
  const costlyIn = async (keys: FlatConfig, known: MergedConfigs) => {
    const own = new Map([...known.userKeys, ...valuesIn(environmentLayer(withKeys, definitions, known.config))]);
    return costlyChoices(keys, { ...(await layTables(known)), env, own });
  };
  const merge = (project: JudgedProject | undefined) =>
    mergeConfigs({ user, project, definitions, isLeftOut, asTrusted, onConflict });
  const known = await merge(judged);
  const costly = judged && judged.project.trust !== 'trusted' ? await costlyIn(judged.keys, known) : [];
  const followed = judged && costly.length > 0 ? withoutKeys(judged, costly) : judged;
  const merged = followed === judged ? known : await merge(followed);
  const { config } = merged;
  const project = followed?.project;
  const layers: readonly Layer[] = [
    { kind: 'environment', values: environmentLayer(withKeys, definitions, config) },
    ...configLayers(merged, { project, written, profile }),
    { kind: 'default', values: valuesFrom(new Map([['model', embeddedProvider]]), 'default') },
  ];
  const { providers: all, withoutOwn, notes: modelNotes } = await layTables(merged);
  const allDefinitions = all.map(({ definition }) => definition);
  const proxied = withProxy(env, config.proxy);
  const model = strongest(layers, 'model')!;
  const largest = strongest(layers, 'maxImageBytes')?.value;
  return {
    env: keys.addTo(proxied, allDefinitions),
    shownEnv: keys.addTo(proxied, allDefinitions, () => storedKey),
    home,
    keys,
    model: model.value as Settings['model'],
    modelChosen: model.layer !== 'default',
    ...(profile && { profile: profile.name }),
    outputFolder: outputFolder(layers, home, folder),
    ...(largest !== undefined && {
      maxImageBytes: typeof largest === 'number' ? largest : imageBytesIn(String(largest)),
    }),
    config,
    providers: all,
    withoutOwn,
    tables,
    emulators,
    ...(user && { user }),
    ...(project && { project }),
    layers,
    notes: [
      ...unfilledNotes(env),
      ...(project ? projectNotes(project) : []),
      ...configNotes(user, project),
      ...profileNotes(project),
      ...services.notes,
      ...leftOutNotes(config, allDefinitions),
      ...modelNotes,
    ],
  };
}

async function readProjectConfig(folder: string): Promise<ConfigFile | undefined> {
  const path = findProjectConfig(folder);
  return path === undefined ? undefined : readConfig(path);
}

/** Gives each provider that a project adds the kind that its id says. An entry for a provider that there is already stays. */
async function fillInKinds(
  file: ConfigFile,
  user: ConfigFile | undefined,
  definitions: readonly ProviderDefinition[],
): Promise<ConfigFile> {
  if (!file.config.providers) return file;
  const { withKinds } = await import('../services/endpoints.ts');
  const known = [...definitions.map(({ id }) => id), ...Object.keys(user?.config.providers ?? {})];
  return { ...file, config: { ...file.config, providers: await withKinds(file.config.providers, known) } };
}

interface Written {
  readonly project: ConfigFile | undefined;
  /** The person's config as it lies on disk. */
  readonly written: ConfigFile | undefined;
  readonly profile: Profile | undefined;
}

function configLayers(
  { projectKeys, userKeys }: MergedConfigs,
  { project, written, profile }: Written,
): readonly Layer[] {
  const own = { kind: 'user', values: valuesFrom(userKeys, written?.path) } as const;
  const inProject = { kind: 'project', values: valuesFrom(projectKeys, project?.path) } as const;
  if (!written || !profile) return [inProject, own];
  const before = flatten(written.config);
  const from = `${written.path} (profile ${profile.name})`;
  return [
    inProject,
    { kind: 'user', values: valuesFrom(profile.keys, from), under: ['profiles', profile.name] },
    { kind: 'user', values: valuesFrom(new Map([...before].filter(([key]) => userKeys.has(key))), written.path) },
  ];
}

function valuesIn(values: Layer['values']): FlatConfig {
  return new Map([...values].map(([key, { value }]) => [key, value]));
}

function valuesFrom(keys: FlatConfig, from = ''): Layer['values'] {
  return new Map([...keys].map(([key, value]) => [key, { value, from }]));
}

/** The value of a key that wins, and the kind of its layer. */
function strongest(layers: readonly Layer[], key: string): { value: Json; layer: Layer['kind'] } | undefined {
  const layer = layers.find(({ values }) => values.has(key));
  return layer && { value: layer.values.get(key)!.value, layer: layer.kind };
}

/** What the person's own config says is meant from where that lies. */
function outputFolder(layers: readonly Layer[], home: string, folder: string): string {
  const output = strongest(layers, 'output');
  return placeOfPath(String(output?.value ?? '.'), output?.layer === 'user' ? home : placeOfPath(folder));
}

/** A known provider with the access that the config says. */
function withAccess(provider: LazyProvider, config: Config, env: Environment): LazyProvider {
  const { baseURL, region, textModel, headers } = config.providers?.[provider.definition.id] ?? {};
  // What core is told explicitly would win over the environment, which is the stronger one here.
  const isSet = baseURLVariable(provider.definition, env, region) !== undefined;
  const access = {
    ...(baseURL !== undefined && !isSet && { baseURL }),
    ...(region !== undefined && { region }),
    ...(textModel !== undefined && { textModel }),
    ...(headers !== undefined && { headers }),
  };
  return Object.keys(access).length > 0 ? { ...provider, access: { ...provider.access, ...access } } : provider;
}

interface LaidTables {
  readonly providers: readonly LazyProvider[];
  readonly withoutOwn: readonly LazyProvider[];
  /** Why models of one's own do not count. */
  readonly notes: readonly string[];
}

/** Lays what holds here over the tables. Of these, only those of catalogues are looked at, where a model of one's own is of one. */
async function laidTables(
  reached: readonly LazyProvider[],
  { models }: Config,
  { plugins, ...shared }: Pick<TableSources, 'tables' | 'env'> & { readonly plugins: readonly PluginEntry[] },
): Promise<LaidTables> {
  const laid = (provider: LazyProvider, layOwn?: TableSources['layOwn']) =>
    withTables(provider, { ...shared, installed: installedPackage(provider.definition.id, plugins), layOwn });
  const withoutOwn = reached.map((provider) => laid(provider));
  if (!models) return { providers: withoutOwn, withoutOwn, notes: [] };
  const { countedModels, ownModelsOver } = await import('../services/own-models.ts');
  const definitions = withoutOwn.map(({ definition }) => definition);
  const counted = countedModels(models, definitions);
  const providers = reached.map((provider) => laid(provider, ownModelsOver(counted.models, provider.definition.id)));
  return { providers, withoutOwn, notes: counted.notes };
}

/** What a config says of plugins that are left out. */
function leftOutNotes({ providers = {} }: Config, known: readonly ProviderDefinition[]): string[] {
  const ids = known.map(({ id }) => id);
  const without = Object.keys(providers).filter((id) => !ids.includes(id));
  return without.map((id) => `the config's providers.${id} does not count: no plugin with the id ${id} is used`);
}

/** Configs of earlier versions may name plugins. */
function configNotes(...files: readonly (ConfigFile | undefined)[]): string[] {
  const named = files.filter((file) => file !== undefined && Object.hasOwn(parseRecord(file.text), 'plugins'));
  return named.map((file) => `${file?.path} names plugins, which counts no more. ${howToAddPlugins}`);
}

/** Profiles are a person's own. */
function profileNotes(project: ConfigFile | undefined): string[] {
  const { profile, profiles } = project?.config ?? {};
  return profile === undefined && !profiles
    ? []
    : [`${project!.path} names profiles, which count in your own config alone`];
}
