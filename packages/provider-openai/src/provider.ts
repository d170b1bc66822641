import { defineProvider } from '@anyimage/core';
import { models, unlisted } from './capabilities.ts';
import { draw, listModels } from './draw.ts';
import { bearer } from './send.ts';
import { text } from './text.ts';
import { checkCombination } from './wire.ts';

/**
 * OpenAI's image models (GPT Image). With a base URL also those of a server that speaks the same API; where a server differs, see
 * `openAICompatible`.
 *
 * `apiKey`: default `OPENAI_API_KEY`.
 * `baseURL`: default `OPENAI_BASE_URL`, then https://api.openai.com/v1.
 * `textModel`: for prompts; there is no default.
 */
export const openai = defineProvider({
  id: 'openai',
  label: 'OpenAI',
  models,
  unlisted,
  defaultModel: 'gpt-image-2.5-flare',
  regions: { global: { baseURL: 'https://api.openai.com/v1' } },
  keys: [
    {
      env: 'OPENAI_API_KEY',
      page: 'https://platform.openai.com/api-keys',
      shape: { own: '^sk-(proj|svcacct|admin)-' },
    },
  ],
  baseURLs: [{ env: 'OPENAI_BASE_URL' }],

  sign: bearer,
  check: checkCombination,
  generate: draw,
  discover: listModels,
  text,
});
