import type { ProviderDefinition } from '@anyimage/core';
import type { Settings } from '@anyimage/host';
import { translated, translatedCount } from './words/translated.ts';

/** What a provider is: `OpenAI`, or with the kind of a server of the config `LocalAI (localai)`. */
export function serviceText(
  { id, label }: Pick<ProviderDefinition, 'id' | 'label'>,
  { config }: Pick<Settings, 'config'>,
): string {
  const kind = config.providers?.[id]?.kind;
  return kind === undefined ? label : `${label} (${kind})`;
}

/** `3 models`, or `any model`: without a table, all that is asked for is passed on. */
export function modelsText({ models }: ProviderDefinition): string {
  const count = Object.keys(models).length;
  return count === 0 ? translated('any model') : translatedCount(count, 'model');
}
