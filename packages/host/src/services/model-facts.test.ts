import { expect, test } from 'vitest';
import { listModels } from './model-facts.ts';
import { providers } from './providers.generated.ts';

const today = Date.parse('2026-11-20');
const none = new Map();

test('the embedded provider comes first and needs no key', () => {
  expect(listModels(providers, {}, none, today)[0]).toMatchObject({
    needsKey: false,
    isDefault: true,
    status: 'stable',
  });
});

test('each provider has exactly one default model', () => {
  const models = listModels(providers, {}, none, today);
  for (const { definition } of providers) {
    expect(models.filter(({ provider, isDefault }) => isDefault && provider.id === definition.id)).toHaveLength(1);
  }
});

test('a key is known by its variable and brings its region', () => {
  const model = listModels(providers, { ZAI_API_KEY: 'test-key' }, none, today).find(({ key }) => key)!;
  expect(model).toMatchObject({ key: { env: 'ZAI_API_KEY' }, region: 'international' });
  expect(JSON.stringify(model)).not.toContain('test-key');
});

const singapore = 'https://llm-abc123.ap-southeast-1.maas.aliyuncs.com';

test.each([
  ['in the environment', { DASHSCOPE_HTTP_BASE_URL: singapore }, {}],
  ['in a config', {}, { baseURL: singapore }],
])('a base URL %s brings the region of its host, whose prices are shown', (_, env, access) => {
  const bailian = providers.filter(({ definition }) => definition.id === 'bailian').map((one) => ({ ...one, access }));
  const models = listModels(bailian, { DASHSCOPE_API_KEY: 'test-key', ...env }, none, today);
  expect(new Set(models.map(({ region }) => region))).toEqual(new Set(['international']));
});

test('without a usable place the region is the usual one', () => {
  const bailian = providers.filter(({ definition }) => definition.id === 'bailian');
  expect(listModels(bailian, { DASHSCOPE_HTTP_BASE_URL: 'no URL' }, none, today)[0]).toMatchObject({ region: 'china' });
});

test('a model that only the service lists has the row for models in no table', () => {
  const openai = providers.filter(({ definition }) => definition.id === 'openai');
  const at = Date.parse('2026-11-19');
  const models = [{ id: 'gpt-image-3', label: 'GPT Image 3', retires: '2026-11-01' as const }, { id: 'gpt-image-2' }];
  const list = new Map([['openai', { baseURL: 'https://api.openai.com/v1', at, models }]]);
  expect(listModels(openai, { OPENAI_BASE_URL: 'https://other.example/v1' }, list, today)).toHaveLength(
    listModels(openai, {}, none, today).length,
  );
  const listed = listModels(openai, {}, list, today).filter(({ listedAt }) => listedAt !== undefined);
  expect(listed).toMatchObject([
    {
      name: 'openai/gpt-image-3',
      row: { label: 'GPT Image 3', open: true, retires: '2026-11-01' },
      status: 'retired',
      listedAt: at,
      isDefault: false,
      configured: false,
    },
  ]);
});
