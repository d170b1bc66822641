// From gateway.json, the environment and files with keys to what holds for a gateway.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ImageError, omit } from '@anyimage/core';
import {
  type Config,
  type Environment,
  errorCode,
  expandHome,
  homeFolder,
  loadSettings,
  type OnNotice,
  parseForm,
  type ReadForm,
  type Settings,
  type SettingsOptions,
  storageError,
} from '@anyimage/host';
import type { RedisStoreOptions } from '@anyimage/store-redis';
import type { S3Place } from '@anyimage/store-s3';
import { type GatewayConfig, gatewayForm } from './gateway-config.ts';

/** What holds for a gateway. */
export interface GatewaySettings {
  /** Providers, keys of services, aliases: host's. */
  readonly settings: Settings;
  readonly config: GatewayConfig;
  /** Where its config is; absent = there is none. */
  readonly path?: string;
  /** The folder for what it keeps; absolute. */
  readonly data: string;
  /** Where pictures go, if not into that folder. */
  readonly s3?: S3Place;
  /** Where all else goes that several processes share. */
  readonly redis?: RedisStoreOptions;
}

export interface ConfigOptions {
  /** The config's path. Default: `ANYIMAGE_GATEWAY_CONFIG`, else `gateway.json` in the folder, if there is one. */
  readonly path?: string | undefined;
  readonly env?: Environment;
  /** Default the current folder. */
  readonly folder?: string;
  /** Default those that come with anyimage, and plugins. */
  readonly providers?: SettingsOptions['providers'];
  readonly onNotice?: OnNotice;
}

export const configName = 'gateway.json';

/** Reads it all. Throws `config` with file and line for what is wrong, `storage` for what cannot be read. */
export async function loadGateway(options: ConfigOptions = {}): Promise<GatewaySettings> {
  const { env = process.env, folder = process.cwd(), providers, onNotice } = options;
  const named = options.path ?? env.ANYIMAGE_GATEWAY_CONFIG;
  const path = resolve(folder, named ? expandHome(named) : configName);
  const text = await textOf(path, named !== undefined);
  const read = text === undefined ? undefined : parseForm(text, path, gatewayForm);
  const config = read?.config ?? {};
  const base = dirname(path);
  const secrets = await secretsIn(read, base);
  const s3 = read && s3In(read, { ...env, ...secrets });
  const redis = read && redisIn(read, { ...env, ...secrets });
  const settings = await loadSettings({
    env: { ...env, ...secrets },
    folder,
    withoutProject: true,
    ...(providers && { providers }),
    ...(onNotice && { onNotice }),
    readUser: async (check) => {
      if (!read || text === undefined) return undefined;
      const checked = await check(hostWords(config), read.refuse);
      return { path, config: checked, text, hash: createHash('sha256').update(text).digest('hex') };
    },
  });
  return {
    settings,
    config,
    ...(read && { path }),
    ...(s3 && { s3 }),
    ...(redis && { redis }),
    data: config.data ? resolve(base, expandHome(config.data)) : join(homeFolder(env), 'gateway'),
  };
}

/** What of it is host's. */
function hostWords(config: GatewayConfig): Config {
  return omit(
    config,
    'listen',
    'publicURL',
    'data',
    'requireKey',
    'negotiation',
    'budget',
    'secrets',
    'limits',
    'pictures',
    'store',
    'worker',
    'tracing',
  ) as Config;
}

/** `undefined` if there is no such file and none was named. */
async function textOf(path: string, isNamed: boolean): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!isNamed && errorCode(error) === 'ENOENT') return undefined;
    throw storageError(error, `read ${path}`, path);
  }
}

/** The storage of pictures with its key. */
function s3In({ config, refuse }: ReadForm<GatewayConfig>, env: Environment): S3Place | undefined {
  const { s3 } = config.pictures ?? {};
  if (!s3) return undefined;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (accessKeyId && secretAccessKey) return { ...s3, accessKeyId, secretAccessKey };
  const name = accessKeyId ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID';
  throw refuse(
    ['pictures', 's3'],
    `needs a key, and ${name} is not there`,
    `Put ${name} into the environment, or name its file: "secrets": {"${name}": {"file": "..."}}.`,
  );
}

/** The server that several processes share. */
function redisIn({ config, refuse }: ReadForm<GatewayConfig>, env: Environment): RedisStoreOptions | undefined {
  const { redis } = config.store ?? {};
  if (!redis) return undefined;
  const { url = env[redisVariable], prefix } = redis;
  if (url && /^rediss?:\/\//.test(url)) return { url, ...(prefix !== undefined && { prefix }) };
  const what = url ? `${redisVariable} is no redis:// or rediss:// URL` : 'needs the url of a server';
  const hint = `Name it: "url": "redis://127.0.0.1:6379"; or put one with its password into ${redisVariable}, in the environment or in secrets.`;
  throw refuse(['store', 'redis'], what, hint);
}

const redisVariable = 'ANYIMAGE_REDIS_URL';

/** Keys of services out of files. An empty one is a mistake: nothing would be sent with it. */
async function secretsIn(read: ReadForm<GatewayConfig> | undefined, base: string): Promise<Environment> {
  const found: { [name: string]: string } = {};
  for (const [name, { file }] of Object.entries(read?.config.secrets ?? {})) {
    const path = resolve(base, expandHome(file));
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      const why = ImageError.isInstance(error) ? error.message : errorCode(error);
      throw read!.refuse(
        ['secrets', name, 'file'],
        `${path} cannot be read (${why})`,
        'Correct the path, or mount it.',
      );
    });
    if (text.trim() === '') throw read!.refuse(['secrets', name, 'file'], `${path} is empty`, 'Put the key into it.');
    found[name] = text.trim();
  }
  return found;
}
