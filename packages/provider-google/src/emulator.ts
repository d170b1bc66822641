// Google's Gemini API on loopback, and Vertex's form of it, written from the documentation and from nothing of wire.ts
// or capabilities.ts: a mistake made there shows here. What the documentation leaves open is marked "unverified".

import { defineEmulator, type Exchange, type Reply, type Route, type Understood } from '@anyimage/testkit';
import { imageAnswer, streamed, textAnswer } from './emulator/answer.ts';
import {
  badField,
  failure,
  failures,
  invalid,
  invalidKey,
  invalidToken,
  noModel,
  Refused,
  unregistered,
} from './emulator/failures.ts';
import { predict } from './emulator/imagen.ts';
import { imageModels, textModels } from './emulator/models.ts';
import { checkImageRequest, type GenerateRequest, promptOf, readRequest } from './emulator/request.ts';

const vertex = (version: string) => `${version}/projects/:project/locations/:location/publishers/google/models`;
/** Where models are listed. Google's own client asks `v1` by default. */
const lists = ['v1beta/models', 'v1/models'];
/** Where models are asked. Imagen is offered by the gateway alone. */
const places = [...lists, vertex('v1'), vertex('v1beta1'), 'gateway/v1beta/models'];
const methods = ['generateContent', 'streamGenerateContent'];

/** What the fields of generateContent mean in anyimage's words. */
const understood: Understood = {
  model: (_, { params }) => decodeURIComponent(params.call ?? '').split(':')[0],
  prompt: (_, { body }) => promptOf(readRequest(body)),
  aspectRatio: 'generationConfig.imageConfig.aspectRatio',
  resolution: 'generationConfig.imageConfig.imageSize',
  seed: 'generationConfig.seed',
  images: 'contents.*.parts.*.inlineData.data',
  options: {
    thinkingLevel: 'generationConfig.thinkingConfig.thinkingLevel',
    safety: 'safetySettings.0.threshold',
    grounding: (_, { body }) => groundingOf(readRequest(body)),
  },
};

/**
 * The emulated service. Its base URL is the origin, as Google's own clients take it; `/gateway` below it is a gateway
 * that still has Imagen. Stricter than the documentation says: what a model does not take is refused. Words in a prompt
 * choose an outcome: `[unsafe]` blocks the prompt, `[unsafe picture]` and `[recitation]` the picture, `[no image]`
 * gives none, `[words]` and `[refuse]` answer in words, `[only draft]` leaves nothing but a draft.
 */
export const emulator = defineEmulator({
  id: 'google',
  label: 'Google Gemini API',
  keyEnv: 'GEMINI_API_KEY',
  baseURLEnv: 'GOOGLE_GEMINI_BASE_URL',
  basePath: '',
  currency: 'USD',
  authorize({ request: { path, headers }, key }) {
    if (path.includes('/projects/')) return headers.authorization === `Bearer ${key}` ? undefined : invalidToken;
    const given = headers['x-goog-api-key'] ?? new URL(path, 'http://localhost').searchParams.get('key');
    if (!given) return unregistered;
    return given === key ? undefined : invalidKey;
  },
  unknown: failure(404, 'NOT_FOUND', 'Requested entity was not found.'),
  failures,
  routes: [
    ...lists.flatMap((list): Route[] => [
      { method: 'GET', path: list, point: 'models', answer: listModels },
      { method: 'GET', path: `${list}/:model`, point: 'models', answer: getModel },
    ]),
    // The text models have routes of their own, because asking them is no picture that costs money.
    ...places.flatMap((place) =>
      Object.keys(textModels).flatMap((model) => methods.map((method) => chat(place, model, method))),
    ),
    ...places.map((place): Route => {
      const answer = orRefusal(generate);
      return { method: 'POST', path: `${place}/:call`, point: 'generate', spends: true, understood, answer };
    }),
  ],
});

function generate(exchange: Exchange): Reply {
  const [id = '', method = ''] = decodeURIComponent(exchange.params.call ?? '').split(':');
  if (method === 'predict' && exchange.request.path.startsWith('/gateway/')) return predict(exchange, id);
  const model = Object.hasOwn(imageModels, id) ? imageModels[id]! : undefined;
  if (!model || !methods.includes(method)) return noModel(id, method);
  const asked = readRequest(exchange.body);
  if (asked.generationConfig?.responseModalities?.includes('IMAGE') === false) {
    throw invalid('The requested combination of response modalities is not supported by the model.');
  }
  checkImageRequest(asked, model);
  const reply = imageAnswer(exchange, asked, id, model);
  return method === 'generateContent' ? reply : streamed(reply);
}

/** Search is a tool; without kinds it searches the web alone. */
function groundingOf({ tools = [] }: GenerateRequest): string {
  const search = tools.find(({ googleSearch }) => googleSearch)?.googleSearch;
  if (!search) return 'none';
  return search.searchTypes && 'imageSearch' in search.searchTypes ? 'web+image' : 'web';
}

function chat(place: string, model: string, method: string): Route {
  return {
    method: 'POST',
    path: `${place}/${model}:${method}`,
    point: 'chat',
    answer: orRefusal((exchange) => {
      const asked = readRequest(exchange.body);
      const { responseModalities = [], imageConfig, thinkingConfig } = asked.generationConfig ?? {};
      if (responseModalities.includes('IMAGE') || imageConfig)
        throw invalid('Image generation is not enabled for this model.');
      const level = thinkingConfig?.thinkingLevel;
      if (level !== undefined && !textModels[model]!.includes(level)) {
        throw badField('generation_config.thinking_config', 'Thinking level is not supported for this model.');
      }
      const reply = textAnswer(exchange, asked, model);
      return method === 'generateContent' ? reply : streamed(reply);
    }),
  };
}

function listModels({ request }: Exchange): Reply {
  const query = new URL(request.path, 'http://localhost').searchParams;
  const all = [...Object.keys(imageModels), ...Object.keys(textModels)].map(modelCard);
  const from = Number(query.get('pageToken') ?? 0);
  const to = from + Number(query.get('pageSize') ?? 50);
  return { json: { models: all.slice(from, to), ...(to < all.length && { nextPageToken: String(to) }) } };
}

function getModel({ params }: Exchange): Reply {
  const id = params.model ?? '';
  const isKnown = Object.hasOwn(imageModels, id) || Object.hasOwn(textModels, id);
  return isKnown ? { json: modelCard(id) } : noModel(id, 'GetModel');
}

function modelCard(id: string) {
  const displayName = imageModels[id]?.displayName ?? id;
  return { name: `models/${id}`, displayName, supportedGenerationMethods: ['generateContent'] };
}

function orRefusal(answer: (exchange: Exchange) => Reply): Route['answer'] {
  return (exchange) => {
    try {
      return answer(exchange);
    } catch (error) {
      if (error instanceof Refused) return error.reply;
      throw error;
    }
  };
}
