import { defineProvider, ImageError } from '@anyimage/core';
import { models, unlisted } from './capabilities.ts';
import { askForPictures, askFree, noWorkspace, unwrittenWarning } from './send.ts';
import { text } from './text.ts';
import { fromWire, jobState, readAnswer, readCancelled, readTaskId } from './wire.ts';

const shape = {
  doubted: [{ looks: '^sk-sp-', because: 'it begins with sk-sp-, as keys of a coding plan do: those may not draw' }],
} as const;

/** The hosts of workspaces in one of the service's own regions. */
function workspacesIn(region: string): string {
  return String.raw`[a-z0-9-]+\.${region}\.maas\.aliyuncs\.com`;
}

/**
 * The image models of Alibaba Cloud Bailian (Model Studio, DashScope): Wan, Qwen-Image, Z-Image.
 *
 * `apiKey`: default `DASHSCOPE_API_KEY`. `baseURL`: default `DASHSCOPE_HTTP_BASE_URL`, then the region's; a host alone will do,
 * such as that of a workspace, which tells its region. `region`: `china` (default), `international`, `us`, `hong-kong`, `japan` or
 * `germany`; keys belong to one of them.
 */
export const bailian = defineProvider({
  id: 'bailian',
  label: 'Alibaba Cloud Bailian',
  models,
  unlisted,
  defaultModel: 'wan2.6-t2i',
  regions: {
    china: {
      label: 'China (Beijing)',
      baseURL: 'https://dashscope.aliyuncs.com/api/v1',
      hosts: workspacesIn('cn-beijing'),
    },
    international: {
      label: 'International (Singapore)',
      baseURL: 'https://dashscope-intl.aliyuncs.com/api/v1',
      hosts: workspacesIn('ap-southeast-1'),
    },
    us: {
      label: 'US (Virginia)',
      baseURL: 'https://dashscope-us.aliyuncs.com/api/v1',
      hosts: workspacesIn('us-east-1'),
    },
    'hong-kong': {
      label: 'Hong Kong',
      baseURL: 'https://cn-hongkong.dashscope.aliyuncs.com/api/v1',
      hosts: workspacesIn('cn-hongkong'),
    },
    // These two have no shared host: the base URL of a workspace must be given.
    japan: {
      label: 'Japan (Tokyo), workspaces only',
      baseURL: `https://${noWorkspace}.ap-northeast-1.maas.aliyuncs.com/api/v1`,
      hosts: workspacesIn('ap-northeast-1'),
    },
    germany: {
      label: 'Germany (Frankfurt), workspaces only',
      baseURL: `https://${noWorkspace}.eu-central-1.maas.aliyuncs.com/api/v1`,
      hosts: workspacesIn('eu-central-1'),
    },
  },
  keys: [{ env: 'DASHSCOPE_API_KEY', page: 'https://help.aliyun.com/zh/model-studio/get-api-key', shape }],
  baseURLs: [{ env: 'DASHSCOPE_HTTP_BASE_URL' }],

  sign: (key) => ({ authorization: `Bearer ${key}` }),

  // A row that is open would pass them on, and there is no field for them.
  check({ aspectRatio, user }) {
    if (user !== undefined) {
      throw new ImageError('unsupported', 'Bailian takes no end-user id', { hint: 'Leave user out.' });
    }
    if (aspectRatio !== undefined) {
      const message = 'it is not known which sizes this model has, and Bailian takes no aspect ratio';
      const hint = 'Use size: "1280x720" or another that the model takes, and leave aspectRatio out.';
      throw new ImageError('unsupported', message, { hint });
    }
  },

  async generate(call, context) {
    const { envelope, body, unwritten } = await askForPictures(call, context, 'now');
    const result = fromWire(readAnswer(envelope, body), envelope, call.seed);
    return unwritten ? { ...result, warnings: [unwrittenWarning] } : result;
  },

  jobs: {
    async submit(call, context) {
      const { envelope, body, unwritten } = await askForPictures(call, context, 'later');
      const id = readTaskId(envelope, body);
      return {
        id,
        ...(call.seed !== undefined && { seed: call.seed }),
        ...(unwritten && { unwritten }),
      };
    },
    async check({ id, seed, unwritten }, context) {
      const { envelope, body } = await askFree(context, `api/v1/tasks/${encodeURIComponent(id)}`);
      const state = jobState(envelope, body, seed);
      if (state.state !== 'done' || !unwritten) return state;
      return { ...state, result: { ...state.result, warnings: [unwrittenWarning] } };
    },
    async cancel({ id }, context) {
      const path = `api/v1/tasks/${encodeURIComponent(id)}/cancel`;
      const { envelope, body } = await askFree(context, path, { method: 'POST' });
      return readCancelled(envelope, body);
    },
  },

  text,
});
