import { type CallContext, defineProvider, exchange, type ProviderResult } from '@anyimage/core';
import { models } from './capabilities.ts';
import { text } from './text.ts';
import { fromWire, jobState, readAnswer, readTaskId, toWire } from './wire.ts';

const keyPage = 'https://www.bigmodel.cn/usercenter/proj-mgmt/apikeys';
const shape = {
  own: '^[0-9a-f]{32}\\.\\w{16}$',
  doubted: [{ looks: '^[^.]+$', because: 'it has no dot, and keys of this service are ID.SECRET' }],
} as const;

/**
 * Zhipu's image models (CogView, GLM-Image), in China (bigmodel.cn) and internationally (z.ai).
 *
 * `apiKey`: default `ZHIPU_API_KEY`, then `ZHIPUAI_API_KEY`, then `ZAI_API_KEY` (international).
 * `baseURL`: default `ZHIPU_BASE_URL`, `ZHIPUAI_BASE_URL` (China), `ZAI_BASE_URL` (international), then the region's.
 * `region`: `china` or `international`; keys of one are not valid in the other.
 */
export const cogview = defineProvider({
  id: 'cogview',
  label: 'Zhipu CogView',
  models,
  defaultModel: 'cogview-4-250304',
  regions: {
    china: { label: 'China', baseURL: 'https://open.bigmodel.cn/api/paas/v4' },
    international: { label: 'International', baseURL: 'https://api.z.ai/api/paas/v4' },
  },
  keys: [
    { env: 'ZHIPU_API_KEY', page: keyPage, shape },
    { env: 'ZHIPUAI_API_KEY', region: 'china', page: keyPage, shape },
    { env: 'ZAI_API_KEY', region: 'international', shape },
  ],
  baseURLs: [
    { env: 'ZHIPU_BASE_URL' },
    { env: 'ZHIPUAI_BASE_URL', region: 'china' },
    { env: 'ZAI_BASE_URL', region: 'international' },
  ],

  sign: (key) => ({ authorization: `Bearer ${key}` }),

  async generate(call, context) {
    const { envelope, body } = await exchange(context, { to: 'images/generations', json: toWire(call), spends: true });
    const result = fromWire(readAnswer(envelope, body), envelope.now);
    return withWarnings(result, context, call.options.watermark);
  },

  jobs: {
    async submit(call, context) {
      const request = { to: 'async/images/generations', json: toWire(call), spends: true } as const;
      const { envelope, body } = await exchange(context, request);
      const id = readTaskId(envelope, body);
      return { id, ...(call.options.watermark === false && { watermark: false }) };
    },
    async check({ id, watermark }, context) {
      const { envelope, body } = await exchange(context, { to: `async-result/${encodeURIComponent(id)}` });
      const state = jobState(envelope, body);
      return state.state === 'done' ? { ...state, result: withWarnings(state.result, context, watermark) } : state;
    },
  },

  text,
});

/** The service documents a picture without its watermark for the China host alone. */
function withWarnings(result: ProviderResult, { region }: CallContext, watermark: unknown): ProviderResult {
  if (region === 'china' || watermark !== false) return result;
  const message =
    'watermark=false is known to work on the China host only: the picture may have its marks all the same';
  return { ...result, warnings: [{ code: 'provider', message }] };
}
