// One config made of the project's and the person's, and the providers that it adds.

import { ImageError, type LazyProvider } from '@anyimage/core';
import type { ConfigFile } from '../config/config-files.ts';
import { type FlatConfig, flatten, partsOfKey, unflatten } from '../config/config-keys.ts';
import { type Refuse, refused } from '../config/config-refusal.ts';
import type { Config } from '../config/config-schema.ts';
import type { KnownProviders } from '../services/endpoints.ts';
import { lineOf } from '../text/json-lines.ts';
import { listening } from '../text/notice.ts';
import type { JudgedProject } from './project.ts';

export interface Configs extends KnownProviders {
  readonly user: ConfigFile | undefined;
  readonly project: JudgedProject | undefined;
  /** The project is only taken for trusted: no hint tells how to take its trust away. */
  readonly asTrusted: boolean | undefined;
  /**
   * Called when what a trusted project says of providers or models does not fit; it is left out then, and all else holds. Without this,
   * the error is thrown.
   */
  readonly onConflict: ((error: ImageError) => void) | undefined;
}

export interface MergedConfigs {
  /** The keys of the project's config that hold. */
  readonly projectKeys: FlatConfig;
  /** The keys of the person's config that hold, or that one of the project's overrules. */
  readonly userKeys: FlatConfig;
  readonly config: Config;
  readonly addedProviders: readonly LazyProvider[];
}

/** Lays the project's config over the person's, and makes the providers that the two add. Throws `config`. */
export async function mergeConfigs(configs: Configs): Promise<MergedConfigs> {
  const projectKeys: FlatConfig = configs.project?.keys ?? new Map();
  try {
    return await merge(projectKeys, configs);
  } catch (error) {
    if (!configs.onConflict || !ImageError.isInstance(error)) throw error;
    listening(configs.onConflict)(error);
    return merge(new Map([...projectKeys].filter(([key]) => !isOfProviders(key))), configs);
  }
}

async function merge(projectKeys: FlatConfig, configs: Configs): Promise<MergedConfigs> {
  const { user } = configs;
  const userKeys = user ? dropReplacedProviders(flatten(user.config), projectKeys) : new Map();
  const config = unflatten(new Map([...userKeys, ...projectKeys]));
  const addedProviders = await makeAddedProviders(config, configs);
  if (config.models && [...projectKeys.keys()].some(isOfProviders)) {
    const { checkOwnModels } = await import('../services/own-models.ts');
    const added = addedProviders.map(({ definition }) => definition);
    checkOwnModels(config.models, [...configs.definitions, ...added], refusalOfProject(configs));
  }
  return { projectKeys, userKeys, config, addedProviders };
}

/** Whether a key says something of a provider, or of a model of one's own. */
function isOfProviders(key: string): boolean {
  return key.startsWith('providers.') || key.startsWith('models.');
}

/**
 * Where a project gives a provider a kind, it replaces the person's entry whole: it is another server, at another place, and what
 * the person's config says of it, such as the name of its key, or of its models, is not for it. Keys that both set stay: they are overruled
 * one by one.
 */
function dropReplacedProviders(userKeys: FlatConfig, projectKeys: FlatConfig): FlatConfig {
  const isReplaced = (key: string) => {
    const [part, name = ''] = partsOfKey(key);
    if (part !== 'providers' && part !== 'models') return false;
    return projectKeys.has(`providers.${name.split('/')[0]}.kind`);
  };
  return new Map([...userKeys].filter(([key]) => projectKeys.has(key) || !isReplaced(key)));
}

async function makeAddedProviders({ providers }: Config, configs: Configs): Promise<readonly LazyProvider[]> {
  if (!providers) return [];
  const { definitions, isLeftOut } = configs;
  const { readEndpoints } = await import('../services/endpoints.ts');
  return readEndpoints(providers, { definitions, isLeftOut }, refusalOfProject(configs));
}

/** The person's config was checked by itself when it was read: what is wrong here is due to the project's. */
function refusalOfProject({ user, project, asTrusted }: Configs): Refuse {
  return (at, message, hint) => {
    const { path = '', text = '{}' } = project?.project ?? {};
    const place = `${path}:${lineOf(text, at)}`;
    const [part, name = ''] = at.map(String);
    const ofUser = user?.config[part as 'providers' | 'models'];
    const isInBoth = ofUser && Object.hasOwn(ofUser, name);
    const files = isInBoth ? `${place} and ${user.path} do not go together` : place;
    const way = asTrusted ? hint : `anyimage trust --remove leaves out what the project says. ${hint}`;
    return refused(`${files}: ${message}`, path, way);
  };
}
