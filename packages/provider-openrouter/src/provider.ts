// OpenRouter as a provider: where it is reached, its key, its table.

import { defineProvider } from '@anyimage/core';
import { models, unlisted } from './capabilities.ts';
import { discoverModels } from './catalogue.ts';
import { draw } from './draw.ts';
import { checkCall } from './wire.ts';

/**
 * The image models of OpenRouter. What each can do and costs, its catalogue says: `anyimage models openrouter --refresh`, or `discover` and
 * `models: tableOf(list)` in a program. With a base URL also those of a service with the same two routes, such as NanoGPT.
 *
 * `apiKey`: default `OPENROUTER_API_KEY`.
 * `baseURL`: default `OPENROUTER_BASE_URL`, then https://openrouter.ai/api/v1.
 * `headers`: `HTTP-Referer` and `X-Title` name a program in OpenRouter's statistics; none is sent by itself.
 */
export const openrouter = defineProvider({
  id: 'openrouter',
  label: 'OpenRouter',
  models,
  unlisted,
  catalogue: true,
  defaultModel: 'openai/gpt-image-2',
  regions: { global: { baseURL: 'https://openrouter.ai/api/v1' } },
  keys: [{ env: 'OPENROUTER_API_KEY', page: 'https://openrouter.ai', shape: { own: '^sk-or-' } }],
  baseURLs: [{ env: 'OPENROUTER_BASE_URL' }],

  sign: (key) => ({ authorization: `Bearer ${key}` }),
  check: checkCall,
  generate: draw,
  discover: discoverModels,
});
