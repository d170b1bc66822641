import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { gatewayJSONSchema } from './gateway-config.ts';
import { loadGateway } from './load-config.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-config-'));
});
const load = (text: string) => loadWith(text, {});
async function loadWith(text: string, env: Record<string, string>) {
  await writeFile(join(folder, 'gateway.json'), text);
  return loadGateway({ folder, env: { ANYIMAGE_HOME: join(folder, 'home'), ...env } });
}

test('without a config, all of it is as usual', async () => {
  const { config, data, settings } = await loadGateway({ folder, env: { ANYIMAGE_HOME: join(folder, 'home') } });
  expect(config).toEqual({});
  expect(data).toBe(join(folder, 'home', 'gateway'));
  expect(settings.config).toEqual({});
});

test.each([
  ['{\n  "listen": { "prot": 1 }\n}', 'gateway.json:2: unknown key "listen.prot"', 'Did you mean port?'],
  ['{\n  "listen": {\n    "port": "x" } }', 'gateway.json:3: listen.port must be a whole number from 0 to 65535', ''],
  ['{\n "budget": {} }', 'gateway.json:2: budget.currency is missing', ''],
  ['{\n\n "providers": { "nobody": { "baseURL": "http://x.example" } } }', 'gateway.json:3: ', 'nobody'],
  ['{\n "secrets": { "OPENAI_API_KEY": { "file": "nowhere" } } }', 'gateway.json:2: ', 'nowhere'],
  ['{\n "secrets": { "key": { "file": "x" } } }', 'gateway.json:2: secrets', 'variable'],
  ['{ "models": { "openai/x": { "like": "nothing" } } }', 'gateway.json:1: ', 'nothing'],
  ['{\n "pictures": {\n "s3": { "endpoint": "s3.example", "bucket": "abc" } } }', 'gateway.json:3: ', 'http'],
  ['{\n "pictures": {\n "s3": { "endpoint": "http://x", "bucket": "A" } } }', 'gateway.json:3: ', 'bucket'],
  [
    '{\n "pictures": {\n "s3": { "endpoint": "http://x", "bucket": "abc" } } }',
    'gateway.json:3: ',
    'AWS_ACCESS_KEY_ID',
  ],
  ['{\n "store": {\n "redis": { "url": "localhost" } } }', 'gateway.json:3: ', 'redis://'],
  ['{\n "store": {\n "redis": { "url": "redis://:test-key@x" } } }', 'gateway.json:3: ', 'ANYIMAGE_REDIS_URL'],
  ['{\n "store": {\n "redis": {} } }', 'gateway.json:3: ', 'ANYIMAGE_REDIS_URL'],
  ['{\n "store": {\n "reddis": {} } }', 'gateway.json:3: ', 'redis'],
  ['{\n ', 'gateway.json', ''],
])('%j is refused with its line', async (text, message, more) => {
  const failure = await load(text).then(
    () => undefined,
    (error: unknown) => error as { code: string; message: string; hint: string },
  );
  expect(failure).toMatchObject({
    code: 'config',
    message: expect.stringContaining(message),
    hint: expect.any(String),
  });
  expect(`${failure?.message} ${failure?.hint}`).toContain(more);
});

test('a config that is named must be there', async () => {
  await expect(loadGateway({ folder, path: 'other.json', env: {} })).rejects.toMatchObject({ code: 'storage' });
});

test('paths count from where the config lies, and secrets are keys of services', async () => {
  await writeFile(join(folder, 'secret'), 'test-key\n');
  const text = '{"data": "kept", "secrets": {"OPENAI_API_KEY": {"file": "secret"}}, "aliases": {"quick": "openai"}}';
  const { data, settings } = await load(text);
  expect(data).toBe(join(folder, 'kept'));
  expect(settings.env.OPENAI_API_KEY).toBe('test-key');
  expect(settings.config.aliases).toEqual({ quick: 'openai' });
});

test('the key of the storage of pictures comes from the environment or a file', async () => {
  await writeFile(join(folder, 'secret'), 'test-key\n');
  const text =
    '{"pictures": {"s3": {"endpoint": "http://x", "bucket": "abc"}}, "secrets": {"AWS_SECRET_ACCESS_KEY": {"file": "secret"}}}';
  const { s3 } = await loadWith(text, { AWS_ACCESS_KEY_ID: 'test-id' });
  expect(s3).toEqual({ endpoint: 'http://x', bucket: 'abc', accessKeyId: 'test-id', secretAccessKey: 'test-key' });
});

test('the address of Redis is in the config, or with its password in the environment or a file', async () => {
  await writeFile(join(folder, 'secret'), 'redis://:test-key@redis:6379\n');
  expect((await load('{"store": {"redis": {"url": "redis://r:1", "prefix": "p"}}}')).redis).toEqual({
    url: 'redis://r:1',
    prefix: 'p',
  });
  const text = '{"store": {"redis": {}}, "secrets": {"ANYIMAGE_REDIS_URL": {"file": "secret"}}}';
  expect((await load(text)).redis).toEqual({ url: 'redis://:test-key@redis:6379' });
});

// anyimage-gateway config schema > apps/gateway/gateway.schema.json makes it anew.
test('the published JSON Schema is the one of the code', async () => {
  const published = JSON.parse(await readFile(new URL('../../gateway.schema.json', import.meta.url), 'utf8'));
  expect(published).toEqual(JSON.parse(JSON.stringify(gatewayJSONSchema())));
});
