// Every client gets every answer in a form that it takes. A few of all combinations; with ANYIMAGE_CASES, as `npm run test:long` sets
// it, all of them.

import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GeneratedImage } from '@anyimage/core';
import { emptyOutcome, type FileImageStore } from '@anyimage/host';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import type { Call } from '../calls/call.ts';
import { boundedResult } from './bounds.ts';
import { profiles } from './profiles.ts';
import { callResult } from './result.ts';
import type { ToolResult } from './tool-result.ts';

const factors = {
  client: profiles.map(({ name }) => name),
  n: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  side: [256, 1024, 2048, 4096],
  format: ['png', 'jpeg', 'webp'],
} as const;
type Name = keyof typeof factors;
type Case = { readonly [name in Name]: (typeof factors)[name][number] };
const names = Object.keys(factors) as Name[];

function allCases(): Case[] {
  return names.reduce<object[]>(
    (cases, name) => cases.flatMap((one) => factors[name].map((value) => ({ ...one, [name]: value }))),
    [{}],
  ) as Case[];
}

/** Cases in which every two values of two factors occur together; small pictures where there is a choice. */
function pairwise(): Case[] {
  const pairsOf = (one: Case) =>
    names.flatMap((first, at) =>
      names.slice(at + 1).map((second) => `${first} ${one[first]} ${second} ${one[second]}`),
    );
  const left = new Set(allCases().flatMap(pairsOf));
  const cases: Case[] = [];
  while (left.size > 0) {
    const news = (one: Case) => pairsOf(one).filter((pair) => left.has(pair)).length;
    let best: Case | undefined;
    for (const one of allCases()) if (!best || news(one) > news(best)) best = one;
    for (const pair of pairsOf(best!)) left.delete(pair);
    cases.push(best!);
  }
  return cases;
}

let folder: string;
const made = new Map<string, Promise<string>>();

/** A picture of noise as coarse as previews are, so that none of them becomes small. */
function pictureOf({ side, format }: Pick<Case, 'side' | 'format'>): Promise<string> {
  const path = join(folder, `${side}.${format}`);
  const drawn = made.get(path) ?? drawNoise(side, format, path).then(() => path);
  made.set(path, drawn);
  return drawn;
}

async function drawNoise(side: number, format: Case['format'], path: string): Promise<void> {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const coarse = sharp({ create: { width: 512, height: 288, channels: 3, background: '#888', noise } });
  const pixels = await coarse.png().toBuffer();
  await sharp(pixels)
    .resize({ width: side, kernel: 'nearest' })
    .toFormat(format, format === 'webp' ? { effort: 0 } : {})
    .toFile(path);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyimage-delivery-'));
});

/** A call that made such pictures. */
async function callOf({ n, side, format }: Case): Promise<Call> {
  const picture = await pictureOf({ side, format });
  const images = Array.from({ length: n }, (_, at) => {
    const path = join(folder, `${side}-${at}.${format}`);
    return {
      path,
      model: 'paint/paint-1',
      seed: at,
      width: side,
      height: side,
      mediaType: `image/${format}`,
      byteLength: 1,
    };
  });
  await Promise.all(images.map(({ path }) => copyFile(picture, path)));
  const outcome = {
    ...emptyOutcome('a boat'),
    images: images as unknown as GeneratedImage[],
    applied: [{ option: 'size', asked: '9x9', sent: '8x8', because: 'the nearest' }],
    cost: [{ amount: 0.06, currency: 'CNY', estimated: false }],
    sent: true,
  };
  const files = new Map(images.map(({ path }, at) => [path, { path, sha256: `${at}`.repeat(64) }]));
  const store = { files, applied: [], warnings: [] } as unknown as FileImageStore;
  return { outcome, store, tickets: new Map() } as unknown as Call;
}

/** What an agent knows that gets the text and nothing else. */
function readText({ content }: ToolResult) {
  const text = content.map((one) => (one.type === 'text' ? one.text : '')).join('\n');
  return {
    paths: [...text.matchAll(/^- (\/\S+) \((p-[0-9a-f]{12}), .*paint\/paint-1, seed \d+\)$/gm)].map(([, path]) => path),
    cost: /0\.06 CNY/.test(text),
    changed: /^Changed: size 9x9 became 8x8/m.test(text),
    next: /^Next: (.*)$/m.exec(text)?.[1],
  };
}

/** What an agent knows that gets the structure and nothing else. */
function readStructure({ structuredContent = {} }: ToolResult) {
  const {
    images = [],
    cost,
    applied,
    next,
  } = structuredContent as {
    images?: { id: string; path: string; model: string; seed: number }[];
    cost?: { amount: number; currency: string }[];
    applied?: { option: string; asked: string; sent: string }[];
    next?: { say: string };
  };
  const isWhole = (image: (typeof images)[number]) =>
    /^p-[0-9a-f]{12}$/.test(image.id) && image.model === 'paint/paint-1';
  return {
    paths: images.filter(isWhole).map(({ path }) => path),
    cost: cost?.some(({ amount, currency }) => amount === 0.06 && currency === 'CNY') ?? false,
    changed: applied?.some(({ option, sent }) => option === 'size' && sent === '8x8') ?? false,
    next: next?.say,
  };
}

const cases = process.env.ANYIMAGE_CASES ? allCases() : pairwise();

test.each(factors.client)(
  '%s: every answer is small enough, and each half of it is enough',
  { timeout: 0 },
  async (name) => {
    const client = profiles.find((profile) => profile.name === name)!;
    for (const one of cases.filter(({ client }) => client === name)) {
      const call = await callOf(one);
      const result = boundedResult(await callResult(call, { client, outputFolder: folder }));
      const shown = JSON.stringify(one);
      expect(Buffer.byteLength(JSON.stringify(result)), shown).toBeLessThan(1_000_000);
      const previews = result.content.filter(({ type }) => type === 'image');
      // On a machine that does much else.
      const late = result.content.filter(
        (part) => part.type === 'text' && part.text.includes('previews take too long'),
      );
      expect(previews.length + late.length, shown).toBe(Math.min(one.n, client.preview.count));
      const base64 = previews.reduce((sum, preview) => sum + ('data' in preview ? preview.data.length : 0), 0);
      expect(base64, shown).toBeLessThanOrEqual(client.preview.bytes);
      const paths = call.outcome!.images.map(({ path }) => path);
      const wanted = { paths, cost: true, changed: true };
      expect(readText(result), shown).toMatchObject(wanted);
      expect(readStructure(result), shown).toMatchObject(wanted);
      expect(readText(result).next, shown).toBe(readStructure(result).next);
      if (client.tellsPath) expect(readText(result).next, shown).toContain('the person');
    }
  },
);
