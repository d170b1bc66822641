import { type Client, createClient } from '@anyimage/core';
import { drawTestCard, type Emulator, plainContext } from '@anyimage/testkit';
import { conformance } from '@anyimage/testkit/conformance';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emulator } from './emulator.ts';
import { paintBox } from './provider.ts';

// That the service takes what the table declares, that nothing gets lost on the way, that nothing is paid for twice, and much more.
conformance({ provider: paintBox, emulator });

// Nobody waits here between one question after a job and the next.
const clock = { now: () => Date.now(), sleep: async () => {} };
let service: Emulator;
let client: Client;

beforeEach(async () => {
  service = await emulator.start();
  client = createClient({ providers: [paintBox()], env: service.env, clock });
});
afterEach(async () => {
  await client.close();
  await service.close();
});

// The suite cannot know how the service spells a word: these tests are where somebody has compared it with the documentation.
describe('the request on the wire', () => {
  test('plain: model and size are always said', async () => {
    const { images, cost } = await client.generate({ model: 'paint-box', prompt: 'a red kite' });
    const { method, path, headers, body } = service.requests[0]!;
    expect({ method, path, type: headers['content-type'], authorization: headers.authorization }).toEqual({
      method: 'POST',
      path: '/v1/jobs',
      type: 'application/json',
      authorization: 'Bearer test-key',
    });
    expect(body).toEqual({ model: 'paint-box-fast', prompt: 'a red kite', n: 1, size: '1024x1024' });
    expect(service.requests[1]).toMatchObject({ method: 'GET', path: '/v1/jobs/job-0001' });
    expect(images).toMatchObject([{ width: 1024, height: 1024 }]);
    expect(cost).toEqual([{ amount: 0.02, currency: 'USD', estimated: true }]);
  });

  test('every option at once', async () => {
    await client.generate({
      model: 'paint-box/paint-box-pro',
      prompt: 'a red kite',
      n: 2,
      size: '1536x1024',
      quality: 'high',
      outputFormat: 'png',
      seed: 7,
      providerOptions: { guidance: 7.5 },
    });
    expect(service.requests[0]!.body).toEqual({
      model: 'paint-box-pro',
      prompt: 'a red kite',
      n: 2,
      size: '1536x1024',
      quality: 'high',
      format: 'png',
      seed: 7,
      guidance: 7.5,
    });
  });

  test('an edit sends its pictures as data URLs', async () => {
    const kite = drawTestCard({ prompt: 'a kite', width: 64, height: 64 });
    await client.generate({ model: 'paint-box', prompt: 'make it blue', images: [kite] });
    expect(service.requests[0]).toMatchObject({
      path: '/v1/jobs',
      body: { images: [`data:image/png;base64,${Buffer.from(kite).toString('base64')}`] },
    });
  });
});

test('a refused prompt says so, and is known to be free', async () => {
  await expect(client.generate({ model: 'paint-box', prompt: 'something [unsafe]' })).rejects.toMatchObject({
    code: 'content-blocked',
    serviceCode: 'content_policy',
    mayHaveBeenBilled: false,
  });
});

test('a refused picture says so, and may have been billed', async () => {
  await expect(client.generate({ model: 'paint-box', prompt: 'something [nude]' })).rejects.toMatchObject({
    code: 'content-blocked',
    mayHaveBeenBilled: true,
  });
});

test('a job is cancelled before it runs, and not after', async () => {
  const { jobs } = paintBox();
  const context = plainContext(paintBox(), service);
  const ask = { to: 'jobs', json: { model: 'paint-box-fast', prompt: 'a red kite' } };
  const { id } = (await (await context.http.send(ask)).json()) as { id: string };
  await jobs!.check({ id }, context);
  expect(await jobs!.cancel!({ id }, context)).toBe('too late');
  const { id: other } = (await (await context.http.send(ask)).json()) as { id: string };
  expect(await jobs!.cancel!({ id: other }, context)).toBe('cancelled');
  expect(await jobs!.check({ id: other }, context)).toMatchObject({ state: 'cancelled' });
});
