import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ClientOptions, Rates } from '@anyimage/core';
import type { BudgetLimits } from './config/config-schema.ts';
import { fileBudget, rateNumbers } from './money/budget.ts';
import { imageCodec } from './pictures/pixels/codec.ts';
import type { Settings } from './settings/settings.ts';
import { promptStyle, styleNames } from './styles/styles.ts';
import { detectLanguage } from './text/language.ts';
import { filePromptCache } from './text/prompt-cache.ts';

/** What one run of a program may cost goes on counting when its settings are read anew. */
const thisRun = randomUUID();

/**
 * What the settings say to core: providers, keys, aliases, budget, networks, the largest picture, the image library, and how prompts are helped.
 * An app adds its store, tickets and log.
 */
export function clientOptions(settings: Settings): ClientOptions {
  const { providers, config, env, home, maxImageBytes } = settings;
  return {
    providers,
    env,
    codec: imageCodec(),
    prompts: {
      detect: detectLanguage,
      cache: filePromptCache(join(home, 'prompts')),
      styles: { find: (name) => promptStyle(name, settings), names: () => styleNames(settings) },
    },
    ...(maxImageBytes !== undefined && { maxImageBytes }),
    ...(config.aliases && { aliases: config.aliases }),
    ...(config.allowNetworks && { allowNetworks: config.allowNetworks }),
    budget: fileBudget(home, config.budget, { run: thisRun }),
    ...(config.budget && { rates: ratesOf(config.budget) }),
  };
}

/** What currencies are worth by the budget of the person: all in its own currency. */
export function ratesOf(limits: BudgetLimits): Rates {
  return { ...rateNumbers(limits), [limits.currency]: 1 };
}
