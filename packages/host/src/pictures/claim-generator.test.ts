import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'cborg';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findManifest } from './c2pa.ts';
import { claimGenerator } from './claim-generator.ts';

function box(type: string, ...content: readonly Uint8Array[]): Buffer {
  const all = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + all.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, all]);
}

/** The type of a superbox begins with four letters; requestable, with a label. */
function superbox(type: string, label: string, ...content: readonly Uint8Array[]): Buffer {
  const kind = Buffer.concat([Buffer.from(type), Buffer.from('00110010800000aa00389b71', 'hex')]);
  return box('jumb', box('jumd', kind, Buffer.from([3]), Buffer.from(`${label}\0`)), ...content);
}

const claimOf = (label: string, words: object) => superbox('c2cl', label, box('cbor', encode(words)));
const storeOf = (...claims: readonly Buffer[]) =>
  superbox('c2pa', 'c2pa', ...claims.map((claim, index) => superbox('c2ma', `urn:c2pa:${index}`, signature, claim)));
const signature = superbox('c2cs', 'c2pa.signature', box('cbor', encode({ claim_generator: 'not this' })));

test.each([
  ['c2pa.claim', { claim_generator: 'Brush/1.2 c2pa-rs/0.31' }, 'Brush/1.2 c2pa-rs/0.31'],
  ['c2pa.claim', { claim_generator: 'brush', claim_generator_info: [{ name: 'Brush', version: '1.2' }] }, 'Brush 1.2'],
  ['c2pa.claim.v2', { claim_generator_info: { name: 'Brush 小' } }, 'Brush 小'],
  ['c2pa.claim.v2', { claim_generator_info: {} }, undefined],
  ['c2pa.claim', { claim_generator: 7 }, undefined],
  ['c2pa.claims', { claim_generator: 'Brush' }, undefined],
])('%s %j was made by %s', (label, words, generator) => {
  expect(claimGenerator(storeOf(claimOf(label, words)))).toBe(generator);
});

test('of several manifests the newest counts, which is the last', () => {
  const claims = ['One', 'Two'].map((name) => claimOf('c2pa.claim', { claim_generator: name }));
  expect(claimGenerator(storeOf(...claims))).toBe('Two');
});

test('whatever stands there, nothing is thrown', () => {
  const store = storeOf(claimOf('c2pa.claim', { claim_generator: 'Brush' }));
  const deep = box('cbor', Buffer.alloc(200_000, 0x81));
  expect(claimGenerator(storeOf(superbox('c2cl', 'c2pa.claim', deep)))).toBeUndefined();
  fc.assert(
    fc.property(fc.nat(store.length - 1), fc.nat(255), (at, byte) => {
      const changed = Buffer.from(store);
      changed[at] = byte;
      const told = claimGenerator(changed);
      expect(told === undefined || typeof told === 'string').toBe(true);
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void claimGenerator(Buffer.from(bytes))));
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-c2pa-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const found = async (bytes: Uint8Array) => {
  await writeFile(join(folder, 'picture'), bytes);
  return findManifest(join(folder, 'picture'));
};
const picture = sharp({ create: { width: 9, height: 7, channels: 3, background: '#a03020' } });
const store = storeOf(claimOf('c2pa.claim', { claim_generator: 'Brush', padding: 'x'.repeat(90_000) }));
const signed = { present: true, generator: 'Brush', verified: false };

test('it is found in a PNG and a WebP', async () => {
  const png = await picture.png().toBuffer();
  const length = Buffer.alloc(4);
  length.writeUInt32BE(store.length);
  const chunk = Buffer.concat([length, Buffer.from('caBX'), store, Buffer.alloc(4)]);
  expect(await found(Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]))).toEqual(signed);
  const webp = await picture.webp().toBuffer();
  const head = Buffer.from('C2PA\0\0\0\0', 'latin1');
  head.writeUInt32LE(store.length, 4);
  const whole = Buffer.concat([webp, head, store, Buffer.alloc(store.length % 2)]);
  whole.writeUInt32LE(whole.length - 8, 4);
  expect(await found(whole)).toEqual(signed);
});

test('it is found in the segments of a JPEG, each of which begins as the box does', async () => {
  const jpeg = await picture.jpeg().toBuffer();
  const segments: Buffer[] = [];
  for (let from = 8, packet = 1; from < store.length; from += 60_000, packet++) {
    const part = store.subarray(from, from + 60_000);
    const segment = Buffer.alloc(12);
    segment.writeUInt16BE(0xffeb, 0);
    segment.writeUInt16BE(10 + 8 + part.length, 2);
    segment.write('JP', 4, 'latin1');
    segment.writeUInt16BE(1, 6);
    segment.writeUInt32BE(packet, 8);
    segments.push(segment, store.subarray(0, 8), part);
  }
  expect(segments).toHaveLength(6);
  expect(await found(Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]))).toEqual(signed);
});
