// OpenRouter's Image API and its catalogue on loopback, written from the documentation and from nothing else of this package: a mistake
// made in wire/ or catalogue/ shows here. What the documentation leaves open is marked "unverified".

import { isRecord } from '@anyimage/core';
import {
  defineEmulator,
  drawPlain,
  type EmulatorFactory,
  type Exchange,
  pngSize,
  type Reply,
  type Understood,
} from '@anyimage/testkit';
import { billOf, dimensionsOf } from './emulator/bill.ts';
import { type Catalogue, type EndpointRecord, listed, usual } from './emulator/catalogue.ts';
import { allowed, type Fields, problemOf, refusedBy } from './emulator/checks.ts';

export {
  type Catalogue,
  type EndpointRecord,
  listed,
  type PriceRecord,
  type Services,
  service,
  usual,
} from './emulator/catalogue.ts';

/** What the fields mean in anyimage's words. A drawing is asked for as a format. */
const understood: Understood = {
  model: 'model',
  prompt: 'prompt',
  n: 'n',
  size: ({ size }) => (/^\d+x\d+$/.test(String(size)) ? size : undefined),
  aspectRatio: 'aspect_ratio',
  resolution: ({ size, resolution }) => resolution ?? size,
  quality: 'quality',
  background: 'background',
  outputFormat: 'output_format',
  outputCompression: 'output_compression',
  seed: 'seed',
  partials: ({ stream }) => (stream === true ? 1 : 0),
  user: 'user',
  images: 'input_references.*.image_url.url',
  options: {
    allowFallbacks: 'provider.allow_fallbacks',
    sort: 'provider.sort',
    sessionId: 'session_id',
    svg: ({ output_format: format }) => format === 'svg',
  },
};

/** The emulated service with made models, and those that the documentation names. */
export const emulator = emulatorOf(usual);

/**
 * The service with a catalogue of its own. Words in a prompt choose an outcome: `[unsafe]` is refused by moderation, `[late]` in the middle of a
 * stream. Where several services may answer, each must take the whole request, and the dearest answers. How many partial pictures there are, and that the
 * catalogue needs no key, is unverified.
 */
export function emulatorOf(catalogue: Catalogue): EmulatorFactory {
  return defineEmulator({
    id: 'openrouter',
    label: 'OpenRouter',
    keyEnv: 'OPENROUTER_API_KEY',
    baseURLEnv: 'OPENROUTER_BASE_URL',
    basePath: '/api/v1',
    currency: 'USD',
    authorize({ request: { method, headers }, key }) {
      if (method === 'GET' && !headers.authorization) return undefined;
      return headers.authorization === `Bearer ${key}` ? undefined : failure(401, 'No auth credentials found');
    },
    unknown: { status: 404, body: 'Not Found', type: 'text/plain' },
    failures: {
      auth: failure(401, 'No auth credentials found'),
      quota: failure(402, 'Insufficient credits'),
      permission: failure(403, 'Your settings do not allow this model'),
      'content-blocked': blocked(),
      'not-found': failure(404, 'The model does not exist'),
      'invalid-request': failure(400, 'resolution is not valid'),
      'rate-limit': failure(429, 'Rate limit exceeded'),
      server: failure(500, 'Internal Server Error'),
      unavailable: failure(529, 'Provider returned error'),
      timeout: failure(524, 'The provider timed out'),
    },
    routes: [
      {
        method: 'POST',
        path: 'images',
        point: 'generate',
        spends: true,
        understood,
        told: { cost: 'usage.cost' },
        answer: (exchange) => generate(exchange, catalogue),
      },
      { method: 'GET', path: 'images/models', point: 'models', answer: () => ({ json: listOf(catalogue) }) },
      {
        method: 'GET',
        path: 'images/models/:id/endpoints',
        point: 'record',
        answer: (exchange) => record(exchange, catalogue),
      },
      {
        method: 'GET',
        path: 'images/models/:author/:slug/endpoints',
        point: 'record',
        answer: (exchange) => record(exchange, catalogue),
      },
    ],
  });
}

function listOf({ list, services }: Catalogue): unknown {
  return list === undefined ? { data: Object.entries(services).map(([id, all]) => listed(id, all)) } : list;
}

function record({ params }: Exchange, { services, records = {} }: Catalogue): Reply {
  const id = params.id ?? `${params.author}/${params.slug}`;
  if (Object.hasOwn(records, id)) return records[id] === null ? noModel(id) : { json: records[id] };
  return Object.hasOwn(services, id) ? { json: { id, endpoints: services[id] } } : noModel(id);
}

function generate(exchange: Exchange, { services }: Catalogue): Reply {
  const { body: fields } = exchange;
  if (!isRecord(fields)) return failure(400, 'The body is not a JSON object');
  if (typeof fields.model !== 'string' || fields.model === '') return failure(400, 'model is required');
  if (!Object.hasOwn(services, fields.model)) return noModel(fields.model);
  const problem = problemOf(fields);
  if (problem) return failure(400, problem);
  const candidates = allowed(services[fields.model]!, fields);
  if (candidates.length === 0) return failure(404, 'No endpoints found that match the provider preferences');
  const refusal = candidates.map((one) => refusedBy(one, fields)).find((one) => one !== undefined);
  if (refusal) return failure(400, refusal);
  if (String(fields.prompt).includes('[unsafe]')) return blocked();
  return answer(exchange, fields, candidates);
}

function answer(exchange: Exchange, fields: Fields, candidates: readonly EndpointRecord[]): Reply {
  const { order } = isRecord(fields.provider) ? fields.provider : {};
  const bills = candidates.map((service) => {
    const size = dimensionsOf(service, fields);
    return { service, size, ...billOf(service, fields, size) };
  });
  const [chosen] = order === undefined ? bills.toSorted((a, b) => b.cost - a.cost) : bills;
  const { service, size, cost, usage } = chosen!;
  const n = (fields.n as number | undefined) ?? 1;
  const created = Math.floor(exchange.now / 1000);
  if (fields.stream === true && service.supports_streaming)
    return stream(exchange, fields, { size, cost, usage, created });
  const data = Array.from({ length: n }, (_, index) =>
    pictureOf(exchange, fields, { ...size, seed: seedOf(fields) + index }),
  );
  return { json: { created, data, usage }, cost };
}

interface Made {
  readonly size: { readonly width: number; readonly height: number };
  readonly cost: number;
  readonly usage: object;
  readonly created: number;
}

/** Whether several pictures may come in one stream is unverified: they are refused here. */
function stream(exchange: Exchange, fields: Fields, { size, cost, usage, created }: Made): Reply {
  if (fields.n !== undefined && fields.n !== 1) return failure(400, 'n must be 1 with stream');
  const { b64_json } = pictureOf(exchange, fields, { ...size, seed: seedOf(fields) + 1 });
  const events: Fields[] = [{ type: 'image_generation.partial_image', b64_json, partial_image_index: 0 }];
  if (String(fields.prompt).includes('[late]')) {
    events.push({ type: 'error', error: { code: 'moderation_blocked', message: 'Rejected by the safety system' } });
  } else {
    const last = pictureOf(exchange, fields, { ...size, seed: seedOf(fields) });
    events.push({ type: 'image_generation.completed', created, ...last, usage });
  }
  const body = events.map((event) => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  return { body, type: 'text/event-stream; charset=utf-8', cost };
}

/** A picture that a fault has struck is sent as it is, else in the format that was asked. */
function pictureOf(
  exchange: Exchange,
  { prompt, output_format: format = 'png' }: Fields,
  card: { readonly width: number; readonly height: number; readonly seed: number },
) {
  const png = exchange.pictureBytes({ prompt: String(prompt), ...card });
  const size = pngSize(png);
  const isWhole = size && Buffer.from(png.subarray(-8, -4)).toString('latin1') === 'IEND';
  const drawn =
    isWhole && format !== 'png' ? drawPlain(String(format), { prompt: String(prompt), ...size }) : undefined;
  const media_type = `image/${drawn ? format : 'png'}${drawn && format === 'svg' ? '+xml' : ''}`;
  return { b64_json: Buffer.from(drawn ?? png).toString('base64'), media_type };
}

function seedOf({ seed = 0 }: Fields): number {
  return Number(seed);
}

function noModel(id: string): Reply {
  return failure(404, `The model ${id} does not exist`);
}

/** The form of the reasons is unverified. */
function blocked(): Reply {
  const message = 'The input was flagged';
  return { status: 403, json: { error: { code: 403, message, metadata: { reasons: ['violence'] } } } };
}

function failure(status: number, message: string): Reply {
  return { status, json: { error: { code: status, message } } };
}
