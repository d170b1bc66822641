// A service whose catalogue says what each model can do, as an emulator, and its provider, which is a plugin: no line of anyimage knows it.

import { configSchemaOf, contractVersion, hostsOf, type Json, type ProviderDefinition } from '@anyimage/core';
import { defineEmulator, type Emulator } from '@anyimage/testkit';
import type { Plugin } from './plugins.ts';

/** A model, as the catalogue of the service tells of it. */
export type HubModel = {
  readonly id: string;
  readonly name: string;
  /** `WIDTHxHEIGHT`, the usual one first. */
  readonly sizes: readonly string[];
  /** Of a picture, USD. */
  readonly price: number;
  /** Of one call. */
  readonly pictures?: number;
};

export interface Hub extends Emulator {
  /** What the catalogue holds from now on: models, or anything that a service may answer. */
  lists(models: readonly Json[]): void;
  /** Lets pictures wait until the catalogue is asked for. */
  slow(): void;
}

/** The only model that is written with the code. */
export const written: HubModel = { id: 'hub-1', name: 'Hub 1', sizes: ['64x64', '96x64'], price: 0.01 };

export const hubEnv = { keyEnv: 'HUB_API_KEY', baseURLEnv: 'HUB_BASE_URL' } as const;

/** Starts the service. */
export async function startHub(...models: readonly HubModel[]): Promise<Hub> {
  let list: readonly Json[] = [written, ...models];
  let gate: Promise<unknown> | undefined;
  const emulator = defineEmulator({
    id: 'hub',
    label: 'Hub',
    ...hubEnv,
    basePath: '/v1',
    currency: 'USD',
    authorize: ({ request, key }) =>
      request.headers.authorization === `Bearer ${key}` ? undefined : { status: 401, json: { error: 'bad key' } },
    unknown: { status: 404, json: { error: 'no such address' } },
    failures: {},
    routes: [
      { method: 'GET', path: 'models', point: 'models', answer: () => ({ json: { models: list } }) },
      {
        method: 'POST',
        path: 'pictures',
        point: 'generate',
        spends: true,
        async answer(exchange) {
          const { model, prompt, width, height } = exchange.body as {
            model: string;
            prompt: string;
            width: number;
            height: number;
          };
          const known = (list as readonly HubModel[]).find(({ id }) => id === model);
          if (!known?.sizes.includes(`${width}x${height}`)) return { status: 400, json: { error: 'no such size' } };
          await gate;
          const picture = exchange.pictureBytes({ prompt, width, height });
          return { json: { picture: Buffer.from(picture).toString('base64') }, cost: known.price };
        },
      },
    ],
  });
  const service = await emulator.start();
  return Object.assign(service, {
    lists(models: readonly Json[]) {
      list = models;
    },
    slow() {
      gate = service.next('answered', ({ point }) => point === 'models');
    },
  });
}

/** The provider of the service. */
export function hubPlugin(): Plugin {
  const provider: ProviderDefinition = {
    id: 'hub',
    label: 'Hub',
    models: { [written.id]: JSON.parse(JSON.stringify(rowOf(written))) },
    defaultModel: written.id,
    catalogue: true,
    regions: { world: { baseURL: 'https://api.hub.example/v1' } },
    keys: [{ env: hubEnv.keyEnv }],
    baseURLs: [{ env: hubEnv.baseURLEnv }],
  };
  const code = `import { defineProvider, ImageError } from '@anyimage/core';
const rowOf = ${rowOf.toString()};
export const make = defineProvider({
  ...${JSON.stringify(provider)},
  sign: (key) => ({ authorization: 'Bearer ' + key }),
  async discover({ http }) {
    const answer = await http.send({ to: 'models' });
    const body = await answer.json();
    if (answer.status !== 200) throw new ImageError('server', 'the service failed');
    return body.models.map((model) => ({ id: model.id, label: model.name, row: rowOf(model) }));
  },
  async generate(call, { http }) {
    const json = { model: call.model, prompt: call.prompt, width: call.size?.width, height: call.size?.height };
    const answer = await http.send({ to: 'pictures', json, spends: true });
    const { picture } = await answer.json();
    if (answer.status !== 200) throw new ImageError('invalid-request', 'the service refuses');
    return { outputs: [{ base64: picture }] };
  },
});
`;
  const name = 'anyimage-provider-hub';
  return {
    entry: {
      package: name,
      version: '1.0.0',
      from: name,
      folder: 'hub-1.0.0',
      addedAt: '2026-11-29T12:00:00.000Z',
      manifest: {
        contract: contractVersion,
        provider,
        factory: { module: './dist/index.js', name: 'make' },
        hosts: hostsOf(provider),
        config: configSchemaOf(provider),
      },
    },
    files: {
      'package.json': JSON.stringify({ name, version: '1.0.0', type: 'module' }),
      'dist/index.js': code,
    },
  };
}

/** What the provider makes of a model of the catalogue: it stands in its code, so it may use nothing from outside. */
function rowOf({ name, sizes, price, pictures }: HubModel) {
  return {
    label: name,
    source: 'https://hub.example/models',
    checked: '2026-11-29',
    operations: { generate: {} },
    delivery: { as: 'bytes' },
    size: { presets: sizes, default: sizes[0], send: 'always' },
    prices: [{ amount: price, currency: 'USD', per: 'image' }],
    perCall: pictures ?? 1,
  };
}
