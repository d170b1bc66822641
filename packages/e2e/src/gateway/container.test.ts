// The image and the compose file of examples/gateway, as far as that goes without Docker: what they name is there.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { hasRedis, startRedis } from '@anyimage/testkit/redis';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { newGatewayPlace } from './run-gateway.ts';

const example = fileURLToPath(new URL('../../../../examples/gateway/', import.meta.url));
const program = fileURLToPath(new URL('../../../../apps/gateway/dist/anyimage-gateway.js', import.meta.url));
const dockerfile = readFileSync(join(example, 'Dockerfile'), 'utf8');

interface Service {
  readonly command?: readonly string[];
  readonly secrets?: readonly string[];
  readonly depends_on?: object | readonly string[];
  readonly deploy?: { readonly replicas: number };
}
const compose = parse(readFileSync(join(example, 'compose.yaml'), 'utf8'), { merge: true }) as {
  readonly services: Record<string, Service>;
  readonly secrets: Record<string, unknown>;
};
const { gateway, worker, redis } = compose.services as Record<string, Service>;

/** Runs the gateway in a folder of its own, and says how it ended. */
async function run(words: readonly string[], env: Record<string, string> = {}, config: object = {}) {
  const place = await newGatewayPlace(env, config);
  return promisify(execFile)(process.execPath, [program, ...words], { cwd: place.folder, env: place.env }).then(
    ({ stdout }) => ({ code: 0, text: stdout }),
    (error: { code: number; stderr: string }) => ({ code: error.code, text: error.stderr }),
  );
}

test('two gateways, three workers, and what they depend on is there', () => {
  expect([gateway?.deploy?.replicas, worker?.deploy?.replicas]).toEqual([2, 3]);
  for (const [name, { secrets = [], depends_on: needed = [] }] of Object.entries(compose.services)) {
    for (const secret of secrets) expect(compose.secrets, name).toHaveProperty(secret);
    for (const other of Array.isArray(needed) ? needed : Object.keys(needed)) {
      expect(compose.services, name).toHaveProperty(other);
    }
  }
});

test.each([
  ['the image', [...(JSON.parse(/^CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]') as string[])]],
  ['a gateway', gateway?.command ?? []],
  ['a worker', worker?.command ?? []],
  ['the first key', ['keys', 'add', 'web', '--per-day', '5']],
])('the words of %s are the gateway’s', async (_, words) => {
  expect(words.length).toBeGreaterThan(0);
  const { code, text } = await run([...words, '--help']);
  expect(code, text).toBe(0);
});

test('its config is right, and the secrets that it names are mounted', async () => {
  const place = await newGatewayPlace({});
  await mkdir(join(place.folder, 'secrets'));
  const text = readFileSync(join(example, 'gateway.json'), 'utf8');
  for (const [, name = ''] of text.matchAll(/\/run\/secrets\/([\w-]+)/g)) {
    expect(gateway?.secrets).toContain(name);
    expect(worker?.secrets).toContain(name);
    await writeFile(join(place.folder, 'secrets', name), 'test-key');
  }
  await writeFile(join(place.folder, 'gateway.json'), text.replaceAll('/run/secrets/', 'secrets/'));
  const words = [program, 'config', 'check'];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: place.folder, env: place.env });
  expect(stdout).toContain('is right');
});

test.skipIf(!hasRedis)('its Redis is one that a gateway takes', async () => {
  const [, ...flags] = redis?.command ?? [];
  const named = Object.fromEntries(
    flags.flatMap((flag, index) => (index % 2 === 0 ? [[flag.replace(/^--/, ''), flags[index + 1] ?? '']] : [])),
  );
  const server = await startRedis({ appendonly: 'no', appendfsync: 'everysec', ...named });
  const { code, text } = await run(['keys', 'list'], { ANYIMAGE_REDIS_URL: server.url }, { store: { redis: {} } });
  await server.close();
  expect(code, text).toBe(0);
});

test('the image runs as a user, and says whether it lives', () => {
  expect(dockerfile).toMatch(/^USER node$/m);
  const [, words = '[]'] = /CMD (\["node", "-e".*\])$/m.exec(dockerfile) ?? [];
  expect(JSON.parse(words)[2]).toContain('/healthz');
});
