import { defineProvider, exchange } from '@anyimage/core';
import { models } from './capabilities.ts';
import { fromWire, toWire } from './wire.ts';

/**
 * The image models of Paint Box.
 *
 * `apiKey`: default `PAINT_BOX_API_KEY`. `baseURL`: default `PAINT_BOX_BASE_URL`, then the service's own.
 */
export const paintBox = defineProvider({
  id: 'paint-box',
  label: 'Paint Box',
  models,
  defaultModel: 'paint-box-fast',
  regions: { world: { baseURL: 'https://api.paint-box.example/v1' } },
  keys: [{ env: 'PAINT_BOX_API_KEY' }],
  baseURLs: [{ env: 'PAINT_BOX_BASE_URL' }],

  sign: (key) => ({ authorization: `Bearer ${key}` }),

  async generate(call, context) {
    const to = call.operation === 'edit' ? 'edits' : 'images';
    const { envelope, body } = await exchange(context, { to, json: toWire(call), spends: true });
    return fromWire(envelope, body);
  },
});
