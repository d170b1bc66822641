import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientRequest, createClient, modelStatus, type Plan, type Ticket } from '@anyimage/core';
import {
  clientOptions,
  describeRequest,
  describeTicket,
  isoDay,
  loadSettings,
  type PictureRecord,
  type Sidecar,
} from '@anyimage/host';
import { afterAll, describe, expect, test } from 'vitest';
import { requestAgain } from './request-again.ts';
import { resolveFlags } from './resolve.ts';

function record(request: Sidecar['request']): PictureRecord {
  const prompt = { original: 'a boat', sent: 'a small boat' };
  const sidecar = { anyimage: 1, prompt, model: 'paint/paint-1', seed: 9, ...(request && { request }) };
  return { path: '/pictures/boat.png', sidecar };
}

test('one picture is asked again: its model, its seed, its words, and not how many there were', () => {
  const run = { timeout: 5, intent: 'mine', partials: 2, output: '/x', route: { prefer: 'price' } };
  const request = { prompt: 'a boat', model: 'paint', n: 4, seed: 7, size: '64x64', images: ['/a.png'], ...run };
  expect(requestAgain(record(request), {})).toEqual({
    prompt: 'a boat',
    model: 'paint/paint-1',
    format: 'png',
    seed: 9,
    size: '64x64',
    images: ['/a.png'],
  });
  const route = { prefer: 'price', maxCost: { amount: 1, currency: 'USD' } };
  expect(requestAgain(record({ route }), {}).route).toEqual({ maxCost: { amount: 1, currency: 'USD' } });
  expect(requestAgain(record(undefined), {})).toEqual({
    prompt: 'a boat',
    model: 'paint/paint-1',
    format: 'png',
    seed: 9,
  });
});

test.each<NonNullable<Sidecar['request']>>([
  { images: ['data:image/png;base64,…'] },
  { images: 1 },
  { mask: 'data:image/png;base64,…', images: ['/a.png'] },
])('input pictures that were not kept have to be given: %j', (request) => {
  expect(() => requestAgain(record(request), {})).toThrow(
    expect.objectContaining({ code: 'invalid-request', hint: expect.stringMatching(/--(image|mask)/) }),
  );
  expect(requestAgain(record(request), { image: ['a.png'], mask: 'm.png' })).not.toHaveProperty('mask');
});

describe('whatever a model was asked, a picture of it is asked again in the same way', async () => {
  const home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
  const settings = await loadSettings({ env: { ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off' }, folder: home });
  const client = createClient(clientOptions(settings));
  afterAll(() => client.close());

  const models = settings.providers.flatMap(({ definition: { id, models: rows, regions } }) => {
    const [usual = ''] = Object.keys(regions);
    return Object.entries(rows)
      .filter(([, row]) => row.operations.generate && modelStatus(row, isoDay(Date.now())) !== 'retired')
      .filter(([, row]) => !row.regions || Object.hasOwn(row.regions, usual))
      .map(([model]) => `${id}/${model}`);
  });
  const words: Partial<ClientRequest>[] = [
    {},
    { n: 3 },
    { size: '1024x1024' },
    { size: '1000x1000', negotiation: 'adapt' },
    { aspectRatio: '16:9' },
    { aspectRatio: '3:4', negotiation: 'adapt' },
    { resolution: '2K' },
    { resolution: '2K', aspectRatio: '16:9' },
    { outputFormat: 'webp', outputCompression: 40 },
    { outputFormat: 'jpeg', negotiation: 'adapt' },
    { quality: 'high' },
    { quality: 'hd', negotiation: 'adapt' },
    { background: 'transparent' },
    { seed: 7 },
    { style: 'comic' },
    { negativePrompt: 'people' },
    { user: 'somebody' },
    { translate: 'never' },
    { route: { maxCost: { amount: 100, currency: 'USD' } } },
  ];

  /** What is said of a picture of a plan, as its ticket tells it. */
  function ticketOf({ calls: [call] }: Plan): Ticket {
    const { model: _, ...said } = call!;
    const request = { ...said, sent: said.prompt, images: 0, mask: false, limits: {} };
    return { request } as unknown as Ticket;
  }

  async function planAgain(request: Sidecar['request'], model: string) {
    const prompt = { original: 'a boat', sent: 'a boat' };
    const sidecar = { anyimage: 1, prompt, model, ...(request && { request }) };
    const earlier = requestAgain({ path: '/pictures/boat.png', sidecar }, {});
    const { calls } = await client.plan({ ...resolveFlags({}, settings, earlier).words, prompt: prompt.original });
    return calls[0];
  }

  test.each(models)('%s', async (model) => {
    let planned = 0;
    for (const more of words) {
      const request: ClientRequest = { model, prompt: 'a boat', ...more };
      const plan = await client.plan(request).catch(() => undefined);
      if (!plan) continue;
      planned += 1;
      const before = { ...plan.calls[0]!, n: 1 };
      expect(await planAgain(describeRequest(request), model), JSON.stringify(more)).toEqual(before);
      // A style of words is in the prompt as it was sent: the prompt of the ticket is the one that was given.
      const told = describeTicket(ticketOf(plan));
      const again = await planAgain({ ...told, ...(more.style && { style: more.style }) }, model);
      expect(again, `ticket of ${JSON.stringify(more)}`).toEqual(before);
    }
    expect(planned).toBeGreaterThan(3);
  });

  test('that the table chose', async () => {
    const chosen = { model: 'auto', prompt: 'a boat', route: { prefer: 'price' } } as const;
    const plan = await client.plan(chosen);
    const again = await planAgain(describeRequest(chosen), plan.model);
    expect(again).toEqual(plan.calls[0]);
    const earlier = requestAgain(record(describeRequest(chosen)), { prefer: 'quality' });
    const { words } = resolveFlags({ prefer: 'quality' }, settings, earlier);
    expect(words).toMatchObject({ model: 'auto', route: { prefer: 'quality' } });
  });
});

describe('the format of an earlier picture', async () => {
  const home = await mkdtemp(join(tmpdir(), 'anyimage-home-'));
  const settings = await loadSettings({ env: { ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off' }, folder: home });
  const model = 'openai/gpt-image-2.6-flare';
  const lossy = { model, outputFormat: 'webp', outputCompression: 40 };

  test.each([
    [lossy, {}, { outputFormat: 'webp', outputCompression: 40 }],
    [lossy, { output: 'new/' }, { outputFormat: 'webp', outputCompression: 40 }],
    [lossy, { output: 'new.webp' }, { outputFormat: 'webp', outputCompression: 40 }],
    // What is made lossy cannot become what it would have been: nothing is paid for that.
    [lossy, { output: 'new.png' }, {}],
    [lossy, { output: 'new.jpg' }, { outputFormat: 'jpeg' }],
    [lossy, { outputFormat: 'png' }, { outputFormat: 'png' }],
    [lossy, { output: 'new.png', outputCompression: 9 }, { outputCompression: 9 }],
    [{ model, outputFormat: 'png' }, { output: 'new.webp' }, { outputFormat: 'webp' }],
  ] as const)('%j asked again with %j', (earlier, flags, expected) => {
    const { outputFormat, outputCompression } = resolveFlags(flags, settings, earlier).words;
    expect({ outputFormat, outputCompression }).toEqual({
      outputFormat: undefined,
      outputCompression: undefined,
      ...expected,
    });
  });
});
