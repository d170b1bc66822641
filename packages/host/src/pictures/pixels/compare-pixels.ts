// How much of a picture is otherwise in another.

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pictureFacts } from '@anyimage/core';
import { workOnPixels } from './pixel-work.ts';

export interface PixelComparison {
  /** px */
  readonly width: number;
  /** px */
  readonly height: number;
  /** The share of pixels that look otherwise, 0 to 1. */
  readonly changed: number;
  /** A png of both: what is alike in pale grey, what is not in a colour. */
  marked(): Promise<Uint8Array>;
}

/** A channel of a pixel that differs by less does so through packing: nobody sees it. Of 255. */
const leastSeen = 12;

/**
 * Compares two pictures pixel by pixel; of one that moves the first frame. Rejects with why they cannot be compared: their sizes are not the
 * same, one is a drawing or no whole picture, or they are too large.
 */
export async function comparePixels(a: string, b: string): Promise<PixelComparison> {
  const [{ width, height }, other] = [await sizeOf(a), await sizeOf(b)];
  if (width !== other.width || height !== other.height) {
    throw new Error(`their sizes are ${width}x${height} and ${other.width}x${other.height}`);
  }
  // One after the other: both may be large.
  const before = await workOnPixels('pixels', a, []);
  const after = await workOnPixels('pixels', b, []);
  let count = 0;
  const isChanged = (at: number) => {
    for (let channel = 0; channel < 4; channel++) {
      if (Math.abs(before[at + channel]! - after[at + channel]!) >= leastSeen) return true;
    }
    return false;
  };
  for (let at = 0; at < before.length; at += 4) if (isChanged(at)) count += 1;
  return {
    width,
    height,
    changed: count / (width * height),
    async marked() {
      const { default: sharp } = await import('sharp');
      const pixels = Buffer.alloc(width * height * 3);
      for (let at = 0, to = 0; at < before.length; at += 4, to += 3) {
        if (isChanged(at)) pixels.set(mark, to);
        else pixels.fill(pale(before[at]!, before[at + 1]!, before[at + 2]!), to, to + 3);
      }
      return sharp(pixels, { raw: { width, height, channels: 3 } })
        .png()
        .toBuffer();
    },
  };
}

async function sizeOf(path: string): Promise<{ readonly width: number; readonly height: number }> {
  const facts = pictureFacts(await readFile(path));
  if (!facts) throw new Error(`${basename(path)} is no whole picture in pixels`);
  return facts;
}

/** Red, green, blue. */
const mark = [0xd6, 0x1f, 0x69] as const;

function pale(red: number, green: number, blue: number): number {
  return Math.round(175 + (0.3 * red + 0.59 * green + 0.11 * blue) * 0.3);
}
