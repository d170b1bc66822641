import { drawTestCard, encodePng } from '@anyimage/testkit';
import { toFile } from 'openai';
import { expect, test } from 'vitest';
import { useGateway } from '../../test/gateway.ts';

const model = 'openai/gpt-image-2.5-flare';
const [width, height] = [512, 384];
const boat = drawTestCard({ prompt: 'a boat', width, height });

const at = useGateway('file');

test('it answers as OpenAI does, with what that has no words for beside it', async () => {
  const made = await at.gateway
    .client()
    .images.generate({ model, prompt: 'a paper boat', size: '1536x1024', quality: 'low' });
  expect(made).toMatchObject({ created: expect.any(Number), size: '1536x1024', quality: 'low', output_format: 'png' });
  expect(made.usage?.output_tokens).toBeGreaterThan(0);
  expect(made).toMatchObject({ model, cost: [{ currency: 'USD', amount: expect.any(Number) }] });
  const bytes = Buffer.from(made.data?.[0]?.b64_json ?? '', 'base64');
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
});

test('a model without its provider is found where one provider has it', async () => {
  const made = await at.gateway.client().images.generate({ model: 'gpt-image-2', prompt: 'a paper boat' });
  expect(made).toMatchObject({ model: 'openai/gpt-image-2' });
});

test('several pictures of a large size come whole', async () => {
  const { data = [] } = await at.gateway.client().images.generate({ model, prompt: 'a sea', size: '2048x2048', n: 3 });
  expect(data).toHaveLength(3);
  for (const { b64_json: text = '' } of data) {
    const bytes = Buffer.from(text, 'base64');
    expect(bytes.toString('base64')).toBe(text);
    expect(bytes.subarray(-8, -4).toString('latin1')).toBe('IEND');
  }
});

test('a URL works without a key, and no other does', async () => {
  const { data } = await at.gateway.client().images.generate({ model, prompt: 'a boat', response_format: 'url' });
  const url = data?.[0]?.url ?? '';
  const found = await fetch(url);
  expect(found.headers.get('content-type')).toBe('image/png');
  expect(
    Buffer.from(await found.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
  const other = url.replace(/.(?=\.png)/, (letter) => (letter === '0' ? '1' : '0'));
  expect((await fetch(other)).status).toBe(403);
  expect((await fetch(url.replace(/expires=\d+/, 'expires=1'))).status).toBe(403);
});

test('edits send the very bytes that came, and the mask as it is', async () => {
  const holes = encodePng({
    width,
    height,
    palette: [
      [0, 0, 0],
      [10, 200, 30],
    ],
    opacity: [0, 255],
    row: () => Uint8Array.from({ length: width }, (_, x) => +(x > 200)),
  });
  const image = await toFile(boat, 'boat.png', { type: 'image/png' });
  const mask = await toFile(holes, 'mask.png', { type: 'image/png' });
  const made = await at.gateway.client().images.edit({ model, image, mask, prompt: 'a cat in it' });
  expect(made.data).toHaveLength(1);
  expect(at.service.requests.at(-1)?.body).toMatchObject({
    mask: { size: holes.length },
    image: { size: boat.length },
  });

  const many = await Promise.all(
    Array.from({ length: 16 }, (_, index) =>
      toFile(drawTestCard({ prompt: `${index}`, width: 64, height: 64 }), `${index}.png`, { type: 'image/png' }),
    ),
  );
  await at.gateway.client().images.edit({ model, image: many, prompt: 'all of them' });
  expect(at.service.requests.at(-1)?.body).toMatchObject({ 'image[]': expect.objectContaining({ length: 16 }) });
});

test('events bring partial pictures and then the picture', async () => {
  const stream = await at.gateway
    .client()
    .images.generate({ model, prompt: 'a boat', stream: true, partial_images: 2 });
  const events: string[] = [];
  for await (const event of stream) events.push(`${event.type} ${event.b64_json.length > 100}`);
  expect(events).toEqual([
    'image_generation.partial_image true',
    'image_generation.partial_image true',
    'image_generation.completed true',
  ]);
});

test('a model without partial pictures sends one event', async () => {
  const stream = await at.gateway
    .client()
    .images.generate({ model: 'sketch', prompt: 'a boat', stream: true, partial_images: 2, size: '256x256' });
  const events: string[] = [];
  for await (const event of stream) events.push(event.type);
  expect(events).toEqual(['image_generation.completed']);
});

test('models are listed, and one is shown with its row', async () => {
  const ids: string[] = [];
  for await (const one of at.gateway.client().models.list()) ids.push(one.id);
  expect(ids).toContain(model);
  expect(ids).toContain('sketch/sketch-1');
  expect(await at.gateway.client().models.retrieve(model)).toMatchObject({
    id: model,
    row: { label: expect.any(String) },
  });
  await expect(at.gateway.client().models.retrieve('openai/nope')).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
  });
});
