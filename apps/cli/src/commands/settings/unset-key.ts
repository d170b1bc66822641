// Keys that a config may have and that no config has: what holds without them.

import type { Json } from '@anyimage/core';
import { configJSONSchema, partsOfKey, placeNow } from '@anyimage/host';
import type { Settings } from '../../session/settings.ts';

export interface UnsetKey {
  readonly key: string;
  /** What holds; `null` if nothing does. */
  readonly value: Json;
  /** What the key is for, a sentence. */
  readonly about?: string;
}

interface SchemaNode {
  readonly description?: string;
  readonly properties?: { readonly [key: string]: SchemaNode };
  readonly additionalProperties?: SchemaNode | boolean;
  readonly propertyNames?: { readonly enum?: readonly string[]; readonly pattern?: string };
}

/** What holds while a key is not set; `undefined` for a key that no config may have, or of an unknown provider. */
export function unsetKey(key: string, settings: Settings): UnsetKey | undefined {
  const parts = partsOfKey(key);
  const [first, id, word] = parts;
  const node = parts.reduce<SchemaNode | undefined>(
    (above, part) => above && below(above, part),
    configJSONSchema() as SchemaNode,
  );
  const provider = settings.providers.find(({ definition }) => definition.id === id);
  if (!node || first === '$schema' || (first === 'providers' && id !== undefined && !provider)) return undefined;
  const about = node.description;
  return { key, value: defaultOf() ?? null, ...(about !== undefined && { about }) };

  function defaultOf(): Json | undefined {
    if (key === 'output') return settings.outputFolder;
    const place = first === 'providers' && provider && placeNow(provider, settings.shownEnv);
    return place && (word === 'region' || word === 'baseURL') ? place[word] : undefined;
  }
}

function below({ properties = {}, additionalProperties, propertyNames = {} }: SchemaNode, part: string) {
  if (Object.hasOwn(properties, part)) return properties[part];
  const fits = new RegExp(propertyNames.pattern ?? '.').test(part) && (propertyNames.enum?.includes(part) ?? true);
  return typeof additionalProperties === 'object' && fits ? additionalProperties : undefined;
}
