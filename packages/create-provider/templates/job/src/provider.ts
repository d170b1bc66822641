import { defineProvider, exchange } from '@anyimage/core';
import { models } from './capabilities.ts';
import { jobState, readCancelled, readJobId, toWire } from './wire.ts';

/** The service's part of a ticket: what it takes to ask for the job on another day. */
type Job = { readonly id: string };

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

  jobs: {
    async submit(call, context) {
      const { envelope, body } = await exchange(context, { to: 'jobs', json: toWire(call), spends: true });
      return { id: readJobId(envelope, body) } satisfies Job;
    },
    async check(ticket, context) {
      const { id } = ticket as Job;
      const { envelope, body } = await exchange(context, { to: `jobs/${encodeURIComponent(id)}` });
      return jobState(envelope, body);
    },
    async cancel(ticket, context) {
      const { id } = ticket as Job;
      const to = `jobs/${encodeURIComponent(id)}/cancel`;
      const { envelope, body } = await exchange(context, { to, method: 'POST' });
      return readCancelled(envelope, body);
    },
  },
});
