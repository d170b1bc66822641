import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestS3, type TestS3, testAccess } from '../../../../packages/store-s3/test/server.ts';
import { emulator, endTestGateway, startTestGateway, type TestGateway } from '../../test/gateway.ts';

const words = { model: 'openai/gpt-image-2.5-flare', prompt: 'a boat', quality: 'low', size: '1024x1024' };
let service: Awaited<ReturnType<typeof emulator.start>>;
let s3: TestS3;
let gateway: TestGateway | undefined;
let now = Date.now();

beforeAll(async () => {
  [service, s3] = await Promise.all([emulator.start(), startTestS3()]);
});
afterEach(async () => {
  if (gateway) await endTestGateway(gateway);
  gateway = undefined;
});
afterAll(async () => {
  await Promise.all([s3.end(), service.close()]);
});

async function start(access: object = {}): Promise<TestGateway> {
  const { endpoint, bucket } = s3;
  gateway = await startTestGateway({
    env: {
      ...service.env,
      AWS_ACCESS_KEY_ID: testAccess.accessKeyId,
      AWS_SECRET_ACCESS_KEY: testAccess.secretAccessKey,
    },
    config: { pictures: { s3: { endpoint, bucket, region: testAccess.region, ...access } } },
    now: () => now,
  });
  return gateway;
}

interface Told {
  readonly data: readonly { readonly b64_json?: string; readonly url?: string }[];
}

test('pictures are in S3, and their URLs lead there', async () => {
  const { post } = await start();
  const named = { 'idempotency-key': 'one' };
  const first = (await (await post('/v1/images/generations', words, named)).json()) as Told;
  const bytes = Buffer.from(first.data[0]?.b64_json ?? '', 'base64');
  const made = (await (await post('/v1/images/generations', { ...words, response_format: 'url' })).json()) as Told;
  const url = made.data[0]?.url ?? '';
  expect(url).toMatch(new RegExp(`^${s3.endpoint}/pictures/pictures/\\d{4}-\\d\\d-\\d\\d/[0-9a-f]{64}\\?`));
  const found = await fetch(url);
  expect(found.headers.get('content-type')).toBe('image/png');
  expect((await found.bytes()).subarray(1, 4).toString()).toBe(Buffer.from('PNG').join());
  // What is in S3 alone, as after the loss of a disk.
  const { restart } = gateway!;
  await gateway!.close();
  gateway = await restart();
  const again = (await (await gateway.post('/v1/images/generations', words, named)).json()) as Told;
  expect(Buffer.from(again.data[0]?.b64_json ?? '', 'base64').equals(bytes)).toBe(true);
});

test('S3 away is 503 before anything is sent; on the way nothing that is paid for is lost', async () => {
  const { post, url } = await start();
  await post('/v1/images/generations', words);
  const before = service.submissions;
  await s3.stop();
  // It was there a moment ago.
  const onItsWay = await post('/v1/images/generations', { ...words, response_format: 'url' });
  const { data } = (await onItsWay.json()) as Told;
  expect(data[0]?.url).toMatch(`${url}/v1/pictures/`);
  expect((await fetch(data[0]?.url ?? '')).headers.get('content-type')).toBe('image/png');
  now += 10_000;
  const refused = await post('/v1/images/generations', words);
  expect([refused.status, refused.headers.get('x-should-retry')]).toEqual([503, 'true']);
  expect(await refused.json()).toMatchObject({ error: { code: 'service_unavailable', message: expect.any(String) } });
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  expect(service.submissions).toBe(before + 1);
  await s3.start();
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const direct = await post('/v1/images/generations', { ...words, response_format: 'url' });
  expect(((await direct.json()) as Told).data[0]?.url).toMatch(s3.endpoint);
});

test('a bucket that is not there is a mistake of the config', async () => {
  await expect(start({ bucket: 'nowhere' })).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining('nowhere'),
  });
});
