import { expect, test } from 'vitest';
import { useGateway } from '../../test/gateway.ts';
import { editFormFields, generationFields } from '../wire/fields.ts';

const model = 'openai/gpt-image-2.5-flare';

const at = useGateway('file');

test('what is counted is what was made, without prompts and keys', async () => {
  const words = { model, prompt: 'a secret boat', quality: 'low', size: '1024x1024' };
  for (const n of [1, 2]) await at.gateway.post('/v1/images/generations', { ...words, n });
  await at.gateway.post('/v1/images/generations', { ...words, n: 'two' });
  const text = await (await fetch(`${at.gateway.url}/metrics`)).text();
  expect(text).toContain('anyimage_requests_total{route="generations",status="200"} 2');
  expect(text).toContain('anyimage_requests_total{route="generations",status="400"} 1');
  expect(text).toContain(`anyimage_pictures_total{key="local",model="${model}"} 3`);
  const [, cost] = /anyimage_cost_total\{key="local",model="[^"]+",currency="USD"\} (\S+)/.exec(text) ?? [];
  expect(Number(cost)).toBeCloseTo(at.service.spent, 5);
  for (const secret of ['secret', 'test-key']) expect(text).not.toContain(secret);
  const usage = (await (await fetch(`${at.gateway.url}/v1/usage`)).json()) as { data: { cost: number }[] };
  expect(usage.data[0]).toMatchObject({ model, requests: 2, pictures: 3, currency: 'USD' });
  expect(usage.data[0]!.cost).toBeCloseTo(at.service.spent, 5);
});

test('its description names each field that it takes', async () => {
  const told = (await (await fetch(`${at.gateway.url}/openapi.json`)).json()) as {
    readonly paths: object;
    readonly components: { readonly schemas: Record<string, { readonly properties: object }> };
  };
  const { Generation, EditForm } = told.components.schemas;
  expect(Object.keys(Generation!.properties)).toEqual(Object.keys(generationFields.shape));
  const files = ['image', 'image[]', 'mask', 'markup'];
  expect(Object.keys(EditForm!.properties)).toEqual([...Object.keys(editFormFields.shape), ...files]);
  // Each path that is named is there: 404 is only what has no path.
  for (const [path, methods] of Object.entries(told.paths)) {
    for (const method of Object.keys(methods)) {
      const answer = await fetch(at.gateway.url + path.replace('{id}', 'x'), { method: method.toUpperCase() });
      expect(await answer.text(), path).not.toContain('unknown_url');
    }
  }
});

test('it says whether it lives, and whether it can take requests', async () => {
  expect((await fetch(`${at.gateway.url}/healthz`)).status).toBe(200);
  expect(await (await fetch(`${at.gateway.url}/readyz`)).json()).toEqual({ status: 'ready' });
});
