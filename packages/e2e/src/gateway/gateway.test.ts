// The built gateway over imitated services, with OpenAI's own client as it is.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { emulator as bailian } from '@anyimage/provider-bailian/emulator';
import { emulator as cogview } from '@anyimage/provider-cogview/emulator';
import { emulator as google } from '@anyimage/provider-google/emulator';
import { emulator as openai } from '@anyimage/provider-openai/emulator';
import { emulator as seedream } from '@anyimage/provider-seedream/emulator';
import { drawTestCard, encodePng } from '@anyimage/testkit';
import { toFile } from 'openai';
import { expect, test } from 'vitest';
import { killGateways } from './gateway-kills.ts';
import { type GatewayPlace, newGatewayPlace, startGateway, writeConfig } from './run-gateway.ts';

const program = fileURLToPath(new URL('../../../../apps/gateway/dist/anyimage-gateway.js', import.meta.url));
const card = (prompt: string, side = 64) => drawTestCard({ prompt, width: side, height: side });

/** What a command of the gateway prints. */
async function command({ folder, env }: GatewayPlace, ...words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words], { cwd: folder, env });
  return stdout;
}

test('it generates, edits, streams and lists over five services, and the bytes that came are the bytes that go on', async () => {
  const forms: FormData[] = [];
  const services = await Promise.all([
    openai.start({ observe: ({ exchange }) => exchange.form && forms.push(exchange.form) }),
    ...[cogview, google, bailian, seedream].map((emulator) => emulator.start({ checks: 0 })),
  ]);
  const place = await newGatewayPlace(Object.assign({}, ...services.map(({ env }) => env)));
  const gateway = await startGateway(place);
  const client = gateway.client();
  for (const model of ['openai/gpt-image-2.5-flare', 'cogview', 'google', 'bailian', 'seedream']) {
    const { data } = await client.images.generate({ model, prompt: 'a paper boat' });
    expect(Buffer.from(data?.[0]?.b64_json ?? '', 'base64').length, model).toBeGreaterThan(1000);
  }
  for (const [index, service] of services.entries()) expect(service.submissions, String(index)).toBe(1);

  const model = 'openai/gpt-image-2.5-flare';
  const one = card('one');
  const edit = async (images: readonly Uint8Array[], mask?: Uint8Array) => {
    const files = await Promise.all(images.map((bytes, index) => toFile(bytes, `${index}.png`, { type: 'image/png' })));
    const image = files.length === 1 ? files[0]! : files;
    const { data } = await client.images.edit({
      model,
      prompt: 'all of them',
      image,
      ...(mask && { mask: await toFile(mask, 'mask.png', { type: 'image/png' }) }),
    });
    expect(data).toHaveLength(1);
    const form = forms.at(-1)!;
    const sent = [...form.getAll('image'), ...form.getAll('image[]')] as Blob[];
    expect(await Promise.all(sent.map((blob) => blob.bytes()))).toEqual(images.map((bytes) => new Uint8Array(bytes)));
    if (mask) expect(await (form.get('mask') as Blob).bytes()).toEqual(new Uint8Array(mask));
  };
  await edit([one]);
  await edit(Array.from({ length: 16 }, (_, index) => card(`${index}`)));
  const holes = encodePng({
    width: 64,
    height: 64,
    palette: [
      [0, 0, 0],
      [9, 99, 199],
    ],
    opacity: [0, 255],
    row: () => Uint8Array.from({ length: 64 }, (_, x) => +(x > 30)),
  });
  await edit([one], holes);
  // A service that reads white gets the same area in white.
  const before = services[3]!.requests.length;
  const wan = {
    model: 'bailian/wanx2.1-imageedit',
    prompt: 'a cat',
    image: await toFile(card('x', 512), 'x.png', { type: 'image/png' }),
  };
  const large = encodePng({
    width: 512,
    height: 512,
    palette: [
      [0, 0, 0],
      [9, 99, 199],
    ],
    opacity: [0, 255],
    row: () => Uint8Array.from({ length: 512 }, (_, x) => +(x > 30)),
  });
  await client.images
    .edit({ ...wan, mask: await toFile(large, 'mask.png', { type: 'image/png' }) })
    .catch((error: unknown) => {
      throw new Error(`${String(error)} after ${services[3]!.requests.length - before} requests`);
    });

  const events: string[] = [];
  for await (const { type } of await client.images.generate({
    model,
    prompt: 'a boat',
    stream: true,
    partial_images: 1,
  }))
    events.push(type);
  expect(events).toEqual(['image_generation.partial_image', 'image_generation.completed']);
  const single: string[] = [];
  for await (const { type } of await client.images.generate({ model: 'cogview', prompt: 'a boat', stream: true }))
    single.push(type);
  expect(single).toEqual(['image_generation.completed']);
  const ids = (await client.models.list()).data.map(({ id }) => id);
  for (const provider of ['openai', 'cogview', 'google', 'bailian', 'seedream']) {
    expect(
      ids.some((id) => id.startsWith(`${provider}/`)),
      provider,
    ).toBe(true);
  }
  expect(await gateway.end('SIGTERM')).toBe(0);
  await Promise.all(services.map((service) => service.close()));
});

test('a kill loses and repeats nothing: what may have been sent is told of, a job comes home', async () => {
  const [drawing, jobs] = await Promise.all([openai.start(), bailian.start({ checks: 3 })]);
  const place = await newGatewayPlace({ ...drawing.env, ...jobs.env });
  const call = { model: 'openai/gpt-image-2.5-flare', prompt: 'a paper boat' };
  const job = { model: 'bailian/wan2.5-t2i-preview', prompt: 'a paper boat' };
  const blocked = { ...job, prompt: '[unsafe] boat' };
  let gateway = await startGateway(place);
  drawing.fault({ on: 'generate', kind: 'hang' });
  const cut = [
    gateway.generate(call, { 'idempotency-key': 'call' }),
    gateway.generate(job, { 'idempotency-key': 'job' }),
    gateway.generate(blocked, { 'idempotency-key': 'blocked' }),
  ];
  const broken = Promise.allSettled(cut);
  await drawing.waitFor(() => drawing.requests.length === 1);
  await jobs.waitFor(() => jobs.submissions === 2 && jobs.requests.some(({ point }) => point === 'check'));
  await gateway.end('SIGKILL');
  expect((await broken).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);

  gateway = await startGateway(place);
  const uncertain = await gateway.generate(call, { 'idempotency-key': 'call' });
  expect(uncertain.status).toBe(409);
  expect(uncertain.headers.get('x-should-retry')).toBe('false');
  const { error } = (await uncertain.json()) as { error: { anyimage: { tickets: string[] } } };
  const [ticket = ''] = error.anyimage.tickets;
  const home = await gateway.generate(job, { 'idempotency-key': 'job' });
  expect(await home.json()).toMatchObject({ data: [{ b64_json: expect.any(String) }] });
  // What the service did not draw, it is not asked for again.
  for (let time = 0; time < 2; time++) {
    const refused = await gateway.generate(blocked, { 'idempotency-key': 'blocked' });
    expect(await refused.json()).toMatchObject({ error: { code: 'moderation_blocked' } });
  }
  expect([drawing.requests.length, jobs.submissions]).toEqual([1, 2]);

  expect(await command(place, 'jobs', 'list')).toContain(ticket);
  expect(await command(place, 'jobs', 'drop', ticket)).toContain('is dropped');
  expect(await command(place, 'jobs', 'list')).toContain('Nothing is open');
  // It is decided now: the same request is sent anew.
  expect((await gateway.generate(call, { 'idempotency-key': 'call' })).status).toBe(200);
  expect(drawing.requests).toHaveLength(2);
  const usage = JSON.parse(await command(place, 'usage', '--json')) as { usage: { model: string }[] };
  expect(usage.usage.map(({ model }) => model).sort()).toEqual([job.model, call.model]);
  await gateway.end('SIGKILL');
  await Promise.all([drawing.close(), jobs.close()]);
});

test('gateways that are killed at any moment send each request once, and know what became of it', async () => {
  const { asked, made, uncertain, ...wrong } = await killGateways({ seed: 5, kills: 2, requests: 6 });
  expect(wrong).toEqual({ others: [], twice: [], reserved: 0 });
  expect(made + uncertain).toBe(asked);
});

test('SIGHUP reads the config anew, and SIGTERM brings home what is paid for', async () => {
  const service = await openai.start({ latencyMs: 300 });
  const place = await newGatewayPlace(service.env);
  const gateway = await startGateway(place);
  expect((await gateway.generate({ model: 'quick', prompt: 'a boat' })).status).toBe(404);
  await writeConfig(place, { aliases: { quick: 'openai/gpt-image-2.5-flare' } });
  gateway.child.kill('SIGHUP');
  await gateway.says('read anew');
  const answer = gateway.generate({ model: 'quick', prompt: 'a boat' });
  await service.waitFor(() => service.requests.length === 1);
  expect(await gateway.end('SIGTERM')).toBe(0);
  expect((await answer).status).toBe(200);
  expect(await (await answer).json()).toMatchObject({ data: [{ b64_json: expect.any(String) }] });
  await service.close();
});

test('a second gateway does not take the folder of another', async () => {
  const place = await newGatewayPlace({});
  const gateway = await startGateway(place);
  await expect(startGateway(place)).rejects.toThrow(
    `another gateway runs with the folder ${join(place.folder, 'home', 'gateway')}`,
  );
  await gateway.end('SIGTERM');
});
