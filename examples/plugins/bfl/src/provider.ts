import { defineProvider, exchange } from '@anyimage/core';
import { models } from './capabilities.ts';
import { jobState, readTask, toWire } from './wire.ts';

/**
 * The FLUX models of Black Forest Labs.
 *
 * `apiKey`: default `BFL_API_KEY`.
 * `baseURL`: default `BFL_BASE_URL`, a name of this plugin, then the region's.
 * `region`: `global` (default), `eu` or `us`; a key is valid in each.
 */
export const bfl = defineProvider({
  id: 'bfl',
  label: 'Black Forest Labs',
  models,
  defaultModel: 'flux-2-pro',
  regions: {
    global: { label: 'Global', baseURL: 'https://api.bfl.ai/v1' },
    eu: { label: 'Europe', baseURL: 'https://api.eu.bfl.ai/v1' },
    us: { label: 'United States', baseURL: 'https://api.us.bfl.ai/v1' },
  },
  keys: [{ env: 'BFL_API_KEY', page: 'https://dashboard.bfl.ai' }],
  baseURLs: [{ env: 'BFL_BASE_URL' }],
  // A task is asked after where the service says, on a host of the cluster that took it.
  trustedHosts: ['.bfl.ai', '.bfl.ml'],
  // 6 for flux-kontext-max.
  rate: { concurrent: 24 },

  sign: (key) => ({ 'x-key': key }),

  jobs: {
    async submit(call, context) {
      const request = { to: encodeURIComponent(call.model), json: toWire(call), spends: true } as const;
      const { envelope, body } = await exchange(context, request);
      return readTask(envelope, body);
    },
    async check({ pollingURL }, context) {
      const { envelope, body } = await exchange(context, { to: pollingURL });
      return jobState(envelope, body);
    },
    cost({ credits }) {
      return credits === undefined ? undefined : { amount: credits / 100, currency: 'USD', estimated: false };
    },
  },
});
