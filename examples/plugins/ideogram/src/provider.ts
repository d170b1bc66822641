import { defineProvider, exchange, ImageError } from '@anyimage/core';
import { models } from './capabilities.ts';
import { fromWire, styleCodesIn, toForm } from './wire.ts';

/**
 * Ideogram 4.0 and 3.0, by version 1 of Ideogram's API.
 *
 * `apiKey`: default `IDEOGRAM_API_KEY`.
 * `baseURL`: default `IDEOGRAM_BASE_URL`, a name of this plugin, then the service's own.
 */
export const ideogram = defineProvider({
  id: 'ideogram',
  label: 'Ideogram',
  models,
  defaultModel: 'ideogram-v4',
  regions: { world: { baseURL: 'https://api.ideogram.ai' } },
  keys: [{ env: 'IDEOGRAM_API_KEY', page: 'https://ideogram.ai/manage-api' }],
  baseURLs: [{ env: 'IDEOGRAM_BASE_URL' }],
  rate: { concurrent: 10 },

  sign: (key) => ({ 'api-key': key }),

  check(call) {
    if (!styleCodesIn(call) || call.style === undefined) return;
    const message = 'Ideogram takes codes of styles or a style, not both';
    throw new ImageError('unsupported', message, { details: { option: 'style' }, hint: 'Leave one of them out.' });
  },

  async generate(call, context) {
    const request = { to: String(call.limits.wire?.path), form: toForm(call), spends: true } as const;
    const { envelope, body } = await exchange(context, request);
    return fromWire(envelope, body);
  },
});
