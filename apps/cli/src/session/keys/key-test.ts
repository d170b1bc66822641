// Whether a key works, asked of its service: it lists its models, which costs nothing.

import { createClient, ImageError, type LazyProvider } from '@anyimage/core';
import { clientOptions, type Environment, type Settings } from '@anyimage/host';
import { translated } from '../../print/words/translated.ts';

export interface KeyTest {
  /** Absent: that could not be found out. */
  readonly works?: boolean;
  /** What was found out, or why it was not: a sentence without its full stop. */
  readonly text: string;
  /** What to do, where it does not work. */
  readonly hint?: string;
}

/** No key of any service. */
const wrongKey = 'anyimage-asks-whether-a-wrong-key-is-refused';

/**
 * Asks a service for its models with a key, which is not stored for that. A service that has no such list, lists its models for anybody, or
 * cannot be reached leaves the question open.
 */
export async function testKey(
  provider: LazyProvider,
  variable: string,
  key: string,
  settings: Settings,
): Promise<KeyTest> {
  const { id, label } = provider.definition;
  const paid = translated('{service} tells nobody for nothing whether a key works: the first picture will show it', {
    service: label,
  });
  try {
    const count = await countModels(provider, variable, key, settings);
    const isPublic = await countModels(provider, variable, wrongKey, settings).then(
      () => true,
      (error) => !isRefusal(error),
    );
    return isPublic
      ? { text: paid }
      : { works: true, text: translated('the key works: {service} listed {count} models', { service: label, count }) };
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    if (error.code === 'unsupported') return { text: paid };
    const { message, hint } = error;
    if (isRefusal(error))
      return { works: false, text: `${label} does not take the key: ${message}`, ...(hint && { hint }) };
    return {
      text: translated('the key could not be tried: {reason}; anyimage models {provider} --refresh tries it again', {
        reason: message,
        provider: id,
      }),
    };
  }
}

function isRefusal(error: unknown): boolean {
  return ImageError.isInstance(error) && (error.code === 'auth' || error.code === 'permission');
}

async function countModels(
  { definition }: LazyProvider,
  variable: string,
  key: string,
  settings: Settings,
): Promise<number> {
  // Stored keys are in no copy of the environment; other keys of the provider would win over the one that is tried.
  const env: Environment = { ...settings.env };
  const others = Object.fromEntries(definition.keys.map((one) => [one.env, undefined]));
  const client = createClient({
    ...clientOptions(settings),
    env: { ...env, ...others, [variable]: key },
    maxRetries: 0,
  });
  try {
    return (await client.discover(definition.id)).models.length;
  } finally {
    await client.close();
  }
}
