import {
  type CallContext,
  defineProvider,
  exchange,
  ImageError,
  type ProviderResult,
  type TextQuestion,
  toChat,
} from '@anyimage/core';
import { models } from './capabilities.ts';
import { fromWire, jobState, readAnswer, readTaskId, readText, toWire } from './wire.ts';

/** The service's part of a ticket. `watermark`: as it was asked for, if it was to be left out. */
type Task = { readonly id: string; readonly watermark?: false };

/** Text models, the default first; the second answers on the China host only. Both are free. */
const textModels = ['glm-4.7-flash', 'glm-4-flash-250414'] as const;
const free = { amount: 0, currency: 'CNY', estimated: false } as const;
const keyPage = 'https://www.bigmodel.cn/usercenter/proj-mgmt/apikeys';
const shape = {
  doubted: [{ looks: '^[^.]+$', because: 'it has no dot, and keys of this service are ID.SECRET' }],
} as const;
const thinkingByDefault = /^glm-(4\.[5-9]|[5-9])/;

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
      return { id, ...(call.options.watermark === false && { watermark: false }) } satisfies Task;
    },
    async check(ticket, context) {
      const { id, watermark } = ticket as Task;
      const { envelope, body } = await exchange(context, { to: `async-result/${encodeURIComponent(id)}` });
      const state = jobState(envelope, body);
      return state.state === 'done' ? { ...state, result: withWarnings(state.result, context, watermark) } : state;
    },
  },

  text: {
    atMost: ({ textModel }) => (textModel ? undefined : free),
    async write(question, context) {
      if (context.textModel) return writeWith(context.textModel, question, context);
      const written = await writeWith(textModels[0], question, context).catch((error: unknown) => {
        if (ImageError.isInstance(error) && error.code === 'not-found')
          return writeWith(textModels[1], question, context);
        throw error;
      });
      return { ...written, cost: free };
    },
  },
});

async function writeWith(model: string, question: TextQuestion, context: CallContext) {
  const json = {
    ...toChat(model, question),
    temperature: 0.1,
    max_tokens: 2000,
    stream: false,
    ...(thinkingByDefault.test(model) && { thinking: { type: 'disabled' } }),
  };
  const { envelope, body } = await exchange(context, { to: 'chat/completions', json });
  return readText(envelope, body);
}

/** The service documents a picture without its watermark for the China host alone. */
function withWarnings(result: ProviderResult, { region }: CallContext, watermark: unknown): ProviderResult {
  if (region === 'china' || watermark !== false) return result;
  const message =
    'watermark=false is known to work on the China host only: the picture may have its marks all the same';
  return { ...result, warnings: [{ code: 'provider', message }] };
}
