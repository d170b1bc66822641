import { defineProvider, exchange } from '@anyimage/core';
import { models, unlisted } from './capabilities.ts';
import { checkCombination } from './combination.ts';
import { fromWire, toWire } from './wire.ts';

/**
 * ByteDance's Seedream models on Volcengine Ark, in China and internationally (BytePlus ModelArk).
 *
 * `apiKey`: default `ARK_API_KEY`; keys of one region are not valid in the other.
 * `baseURL`: default `ARK_BASE_URL` (a name that public clients use; the service documents none), then the region's.
 * `region`: `china` (default) or `international`.
 */
export const seedream = defineProvider({
  id: 'seedream',
  label: 'Volcengine Seedream',
  models,
  // The one that both regions surely have.
  defaultModel: 'doubao-seedream-5-0-pro-260628',
  unlisted,
  // Only the two base URLs are documented; other hosts are told by their form.
  regions: {
    china: {
      label: 'China',
      baseURL: 'https://ark.cn-beijing.volces.com/api/v3',
      hosts: String.raw`ark\.[a-z0-9-]+\.volces\.com`,
    },
    international: {
      label: 'International',
      baseURL: 'https://ark.ap-southeast.bytepluses.com/api/v3',
      hosts: String.raw`ark\.[a-z0-9-]+\.bytepluses\.com`,
    },
  },
  keys: [{ env: 'ARK_API_KEY', page: 'https://console.volcengine.com/ark/region:ark+cn-beijing/apiKey' }],
  baseURLs: [{ env: 'ARK_BASE_URL' }],

  sign: (key) => ({ authorization: `Bearer ${key}` }),

  check: checkCombination,

  async generate(call, context) {
    const { envelope, body } = await exchange(context, { to: 'images/generations', json: toWire(call), spends: true });
    return fromWire(envelope, body);
  },
});
