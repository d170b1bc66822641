import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  configSchemaOf,
  contractVersion,
  hostsOf,
  type ModelCapabilities,
  type ProviderDefinition,
} from '@anyimage/core';
import { packTar } from 'modern-tar';
import { describe, expect, test } from 'vitest';
import { openTarball } from '../plugins/package-files.ts';
import { newerVersions, readTables } from './published-tables.ts';

const row: ModelCapabilities = {
  label: 'Paint 1',
  source: 'https://paint.example/docs',
  checked: '2026-11-20',
  operations: { generate: {} },
  delivery: { as: 'bytes' },
  size: { presets: ['64x64'], default: '64x64' },
  prices: [{ amount: 0.04, currency: 'USD', per: 'image' }],
};
const definition: ProviderDefinition = {
  id: 'paint',
  label: 'Paint',
  models: { 'paint-1': row },
  defaultModel: 'paint-1',
  regions: { world: { baseURL: 'https://api.paint.example/v1' } },
  keys: [{ env: 'PAINT_API_KEY' }],
};
const name = 'anyimage-provider-paint';
const installed = { provider: 'paint', package: name, version: '1.0.0', tables: () => ({ models: {} }) };

interface Changes {
  readonly provider?: object;
  readonly manifest?: object;
  readonly about?: object;
}

/** A package of version 1.2.0 as it came, and what the registry says of it. */
async function packed({ provider, manifest, about }: Changes = {}) {
  const factory = { module: './dist/index.js', name: 'make' };
  const changed: ProviderDefinition = { ...definition, ...provider };
  const facts = { hosts: hostsOf(changed), config: configSchemaOf(changed) };
  const texts = {
    'package.json': { name, version: '1.2.0', keywords: ['anyimage-provider'], ...about },
    'dist/manifest.json': {
      contract: contractVersion,
      provider: changed,
      ...{ factory, ...facts, ...manifest },
    },
  };
  const entries = Object.entries(texts).map(([path, value]) => {
    const body = Buffer.from(JSON.stringify(value));
    return { header: { name: `package/${path}`, size: body.length }, body };
  });
  const path = join(await mkdtemp(join(tmpdir(), 'anyimage-published-')), 'it.tgz');
  await writeFile(path, gzipSync(await packTar(entries)));
  const { integrity } = await openTarball(path);
  return { path, published: { version: '1.2.0', integrity } };
}

describe('the table in a package', () => {
  const read = async (changes: Changes) => {
    const { path, published } = await packed(changes);
    return readTables(path, published, installed);
  };

  test('is its models and no more: where keys go stays as it was installed', async () => {
    const evil = {
      regions: { world: { baseURL: 'https://evil.example/v1' } },
      keys: [{ env: 'OPENAI_API_KEY' }],
      trustedHosts: ['.evil.example'],
    };
    expect(await read({ provider: { ...evil, unlisted: row } })).toEqual({
      version: '1.2.0',
      integrity: expect.stringMatching(/^sha512-/),
      tables: { models: { 'paint-1': row }, unlisted: row },
    });
  });

  test('of another contract is passed over', async () => {
    expect(await read({ manifest: { contract: contractVersion + 1 } })).toEqual({
      version: '1.2.0',
      contract: contractVersion + 1,
    });
  });

  test.each<[what: string, changes: Changes, said: string]>([
    ['whose rows are none', { provider: { models: { 'paint-1': { label: 1 } } } }, 'models.paint-1'],
    [
      'with a price that is none',
      { provider: { models: { 'paint-1': { ...row, prices: [{ amount: -1, currency: 'USD', per: 'image' }] } } } },
      'amount',
    ],
    [
      'with a name that objects have',
      { provider: { models: JSON.parse(`{"__proto__": ${JSON.stringify(row)}}`) } },
      '__proto__',
    ],
    ['with a name of control characters', { provider: { models: { 'paint\u001b[31m': row } } }, 'models'],
    [
      'of another provider',
      { provider: { id: 'openai', models: { x: row }, defaultModel: 'x' } },
      'is the package of openai now',
    ],
    ['without a contract', { manifest: { contract: 'x' } }, 'does not say its contract'],
    ['that is no provider', { about: { keywords: [] } }, 'has no keyword "anyimage-provider"'],
    ['of another name', { about: { name: 'anyimage-provider-point' } }, 'holds anyimage-provider-point 1.2.0'],
    ['of another version', { about: { version: '1.3.0' } }, 'holds anyimage-provider-paint 1.3.0'],
  ])('%s is refused in one line, with one that says what to do', async (_, changes, said) => {
    const error = await read(changes).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: expect.stringContaining(said), hint: expect.stringMatching(/^[^\n]+$/) });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect((error as Error).message).not.toMatch(/[\u0000-\u001f]/);
  });

  test.each([
    ['sha512-x', 'what came is not what was published'],
    ['', 'the registry does not say what was published'],
  ])('that is not known to be what was published is refused: %j', async (integrity, said) => {
    const { path, published } = await packed();
    await expect(readTables(path, { ...published, integrity }, installed)).rejects.toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining(said),
    });
  });
});

describe('the versions that count', () => {
  const version = (number: string, more: object = {}) => ({
    version: number,
    'dist.integrity': `sha512-${number}`,
    'dist-tags': { latest: '1.9.0' },
    ...more,
  });
  const counting = (answer: unknown) => newerVersions(answer, '1.0.0').map((one) => one.version);

  test('are those newer than the code, newest first, with what they must be', () => {
    const answer = ['1.2.0', '0.9.0', '1.10.0', '1.9.0', '1.0.0', '1.4.0'].map((number) => version(number));
    expect(newerVersions(answer, '1.0.0')).toEqual(
      ['1.9.0', '1.4.0', '1.2.0'].map((number) => ({ version: number, integrity: `sha512-${number}` })),
    );
    expect(newerVersions({ version: '1.2.0' }, '1.0.0')).toEqual([{ version: '1.2.0', integrity: '' }]);
  });

  test('are not those before a release, taken back, newer than what is out, or that are none', () => {
    const out = { 'dist-tags': { latest: '1.1.0' } };
    const answer = [
      version('1.0.5', { ...out, deprecated: 'wrong prices' }),
      version('1.2.0-rc.1', out),
      version('9.0.0', out),
      version('1.1.0', out),
      ...[version('latest'), { version: 7 }, null, 'text'],
    ];
    expect(counting(answer)).toEqual(['1.1.0']);
    expect(counting([version('1.5.0-rc.1'), version('1.4.0')])).toEqual(['1.4.0']);
    expect(counting([version('1.5.0-rc.1', { 'dist-tags': { latest: '1.5.0-rc.1' } })])).toEqual(['1.5.0-rc.1']);
    expect(counting(undefined)).toEqual([]);
  });

  test('are eight at most', () => {
    const answer = Array.from({ length: 20 }, (_, at) => version(`1.0.${at}`));
    expect(counting(answer)).toEqual([19, 18, 17, 16, 15, 14, 13, 12].map((at) => `1.0.${at}`));
  });
});
