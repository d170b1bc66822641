import {
  defineProvider,
  didYouMean,
  exchange,
  ImageError,
  type InputImage,
  type ListedModel,
  nearest,
} from '@anyimage/core';
import { models, unlisted } from './capabilities.ts';
import { text } from './text.ts';
import {
  fromPredict,
  fromWire,
  methodPath,
  modelsPath,
  readAnswer,
  readModels,
  refuseImagenAtGoogle,
  toPredict,
  toWire,
} from './wire.ts';

/** Bytes, since 2026-01-08. */
const longestRequest = 100 * 2 ** 20;
const keyPage = 'https://aistudio.google.com/apikey';
const shape = {
  own: '^AIza',
  doubted: [{ looks: '^sk-', because: 'it begins with sk-, as keys of other services do, and those of Google do not' }],
} as const;

/**
 * Google's Gemini image models, through the Gemini API or Vertex AI; Imagen's form for gateways that still answer it.
 *
 * `apiKey`: default `GEMINI_API_KEY`, then `GOOGLE_API_KEY` (which is often one for maps, so it comes second; Google's
 * own clients prefer it), then `GOOGLE_GENERATIVE_AI_API_KEY`. In region `vertex` an OAuth access token, default
 * `GOOGLE_VERTEX_ACCESS_TOKEN`.
 * `baseURL`: with or without the API version; default `GOOGLE_GEMINI_BASE_URL`, then the Gemini API. Region `vertex`
 * needs one with project and location, here or in `GOOGLE_VERTEX_BASE_URL`:
 * `https://aiplatform.googleapis.com/v1/projects/P/locations/global`.
 * `region`: `gemini` or `vertex`; default that of the base URL's host. Which of the models Vertex offers, and at what price, was not found out.
 */
export const google = defineProvider({
  id: 'google',
  label: 'Google Gemini',
  models,
  defaultModel: 'gemini-nano-banana-2.1',
  unlisted,
  regions: {
    gemini: { label: 'Gemini API', baseURL: 'https://generativelanguage.googleapis.com/v1beta' },
    vertex: {
      label: 'Vertex AI',
      baseURL: 'https://aiplatform.googleapis.com/v1',
      // Those of one location, and those of several (`us`, `eu`), which Google's own clients use.
      hosts: String.raw`(?:[a-z0-9-]+-aiplatform|aiplatform\.[a-z0-9-]+\.rep)\.googleapis\.com`,
    },
  },
  keys: [
    { env: 'GEMINI_API_KEY', region: 'gemini', page: keyPage, shape },
    { env: 'GOOGLE_API_KEY', region: 'gemini', page: keyPage, shape },
    { env: 'GOOGLE_GENERATIVE_AI_API_KEY', region: 'gemini', page: keyPage, shape },
    { env: 'GOOGLE_VERTEX_ACCESS_TOKEN', region: 'vertex' },
  ],
  baseURLs: [
    { env: 'GOOGLE_GEMINI_BASE_URL', region: 'gemini' },
    { env: 'GOOGLE_VERTEX_BASE_URL', region: 'vertex' },
  ],

  // A path with a project is Vertex's; its express mode, without one, takes a key as the Gemini API does.
  sign(key, { url }): Record<string, string> {
    return url.pathname.includes('/projects/') ? { authorization: `Bearer ${key}` } : { 'x-goog-api-key': key };
  },

  // A limit of the whole request, which no row can say.
  check({ images }) {
    const sent = images.reduce((sum, image) => sum + lengthInside(image), 0);
    if (sent <= longestRequest) return;
    const message = `the pictures are ${sent} bytes as they are sent, and a request may have ${longestRequest}`;
    throw new ImageError('invalid-request', message, {
      details: { option: 'images', asked: sent, allowed: longestRequest },
      hint: 'Give smaller pictures, or fewer.',
    });
  },

  async generate(call, context) {
    if (call.limits.wire?.dialect === 'predict' || /^(models\/)?imagen-/.test(call.model)) {
      refuseImagenAtGoogle(context);
      const { envelope, body } = await exchange(context, {
        to: methodPath(context, call.model, 'predict'),
        json: toPredict(call),
        spends: true,
      });
      return fromPredict(envelope, body, call.n);
    }
    const { envelope, body } = await exchange(context, {
      to: methodPath(context, call.model, 'generateContent'),
      json: toWire(call),
      spends: true,
    });
    try {
      return fromWire(envelope, readAnswer(envelope, body), call, context.region);
    } catch (error) {
      throw suggesting(error, call.model);
    }
  },

  async discover(context) {
    const models: ListedModel[] = [];
    let next: string | undefined;
    // Pages are of 1000 models: a service that names ever more of them is not followed.
    for (let pages = 0; pages < 20; pages++) {
      const { envelope, body } = await exchange(context, { to: modelsPath(context, next) });
      const page = readModels(envelope, body);
      models.push(...page.models);
      next = page.next;
      if (!next) break;
    }
    return models;
  },

  text,
});

/** How long a picture is inside the request: bytes are sent as base64. */
function lengthInside(image: InputImage): number {
  return image.as === 'bytes' ? Math.ceil(image.bytes.length / 3) * 4 : 0;
}

/** An id that neither the table nor the service knows may be a slip of the pen. */
function suggesting(error: unknown, model: string): unknown {
  if (!ImageError.isInstance(error) || error.code !== 'not-found' || Object.hasOwn(models, model)) return error;
  const near = nearest(model, Object.keys(models)).map((id) => `google/${id}`);
  return near.length ? error.with({ hint: didYouMean(near, error.hint) }) : error;
}
