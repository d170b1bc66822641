import { defineProvider, exchange } from '@anyimage/core';
import { models } from './capabilities.ts';
import { jobState, readCancelled, readJobId, toWire } from './wire.ts';

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

  // What submit returns is kept in a ticket, and is what check and cancel get, perhaps on another day.
  jobs: {
    async submit(call, context) {
      const { envelope, body } = await exchange(context, { to: 'jobs', json: toWire(call), spends: true });
      return { id: readJobId(envelope, body) };
    },
    async check({ id }, context) {
      const { envelope, body } = await exchange(context, { to: `jobs/${encodeURIComponent(id)}` });
      return jobState(envelope, body);
    },
    async cancel({ id }, context) {
      const to = `jobs/${encodeURIComponent(id)}/cancel`;
      const { envelope, body } = await exchange(context, { to, method: 'POST' });
      return readCancelled(envelope, body);
    },
  },
});
