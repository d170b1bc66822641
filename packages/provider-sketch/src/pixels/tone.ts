// Changes of colour: affine maps of red, green and blue, for every pixel or for those of the most vivid hue.

import type { Look } from '../data/looks.ts';
import { channels } from '../draw/brush/colour.ts';
import type { Pixels } from './pixels.ts';

/** What is done to one channel: three factors and an addend in steps of 0–255. */
type Row = readonly [red: number, green: number, blue: number, add: number];
/** What is done to red, green and blue. */
export type ColourMap = readonly [Row, Row, Row];

const luma = [0.2126, 0.7152, 0.0722] as const;

const each = (write: (row: 0 | 1 | 2) => Row): ColourMap => [write(0), write(1), write(2)];

/** Contrast, saturation, gain and lift as one map. */
export function mapOf({ contrast = 1, saturation = 1, gain = [1, 1, 1], lift = [0, 0, 0] }: Look): ColourMap {
  const middle = 128 * (1 - contrast);
  return each((row) => {
    const factor = gain[row];
    const cell = (column: 0 | 1 | 2) =>
      factor * contrast * (luma[column] * (1 - saturation) + (row === column ? saturation : 0));
    return [cell(0), cell(1), cell(2), factor * middle + lift[row]];
  });
}

/** Light and shade stay, the hue becomes the colour's: grey runs from a dark tone of it to a pale one. */
export function tint(hex: string): ColourMap {
  const own = 0.12;
  return each((row) => {
    const value = channels(hex)[row];
    const dark = value * 0.16;
    const pale = value + (255 - value) * 0.62;
    const cell = (column: 0 | 1 | 2) => ((1 - own) * luma[column] * (pale - dark)) / 255 + (row === column ? own : 0);
    return [cell(0), cell(1), cell(2), (1 - own) * dark];
  });
}

/** Takes a part of a colour out of the light and leaves the light as strong as it was. */
export function fade(hex: string): ColourMap {
  const own = channels(hex);
  const [least, most] = [Math.min(...own), Math.max(...own)];
  const kept = own.map((value) => 1 - (0.3 * (value - least)) / (most - least || 1));
  const light = kept.reduce((sum, share, channel) => sum + share * luma[channel]!, 0);
  return mapOf({ gain: [kept[0]! / light, kept[1]! / light, kept[2]! / light] });
}

/** Changes the pixels in place. */
export function mapColours(pixels: Pixels, map: ColourMap): Pixels {
  const { data } = pixels;
  const [[rr, rg, rb, ra], [gr, gg, gb, ga], [br, bg, bb, ba]] = map;
  for (let at = 0; at < data.length; at += 4) {
    const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
    data[at] = rr * red + rg * green + rb * blue + ra;
    data[at + 1] = gr * red + gg * green + gb * blue + ga;
    data[at + 2] = br * red + bg * green + bb * blue + ba;
  }
  return pixels;
}

/** Half the width of a hue, degrees. */
const hueReach = 30;

/**
 * Gives a colour to what is of the most vivid hue of the picture, in place: that is mostly the thing one speaks of. Light and
 * shade stay; so does the strength of the colour, unless it becomes a grey.
 */
export function recolourVivid(pixels: Pixels, hex: string): Pixels {
  const { data } = pixels;
  const vivid = mostVividHue(data);
  const [red, green, blue] = channels(hex);
  const [hue, strength] = hueOf(red, green, blue);
  const greyed = strength < 40 ? mapColours({ ...pixels, data: data.slice() }, tint(hex)).data : undefined;
  for (let at = 0; at < data.length; at += 4) {
    const [was, chroma, saturation] = hueOf(data[at]!, data[at + 1]!, data[at + 2]!);
    const apart = Math.abs(((was - vivid + 540) % 360) - 180);
    const share = rise(1 - apart / hueReach, 0, 0.4) * rise(chroma, 50, 100) * rise(saturation, 0.4, 0.62);
    if (share === 0) continue;
    const most = Math.max(data[at]!, data[at + 1]!, data[at + 2]!);
    for (let channel = 0; channel < 3; channel++) {
      const next = greyed?.[at + channel] ?? most - chroma * missing(hue, channel);
      data[at + channel] = data[at + channel]! + share * (next - data[at + channel]!);
    }
  }
  return pixels;
}

/** How much of its chroma a pure colour of this hue lacks in red (0), green (1) or blue (2): 0 to 1. */
function missing(hue: number, channel: number): number {
  const sector = (((hue - 120 * channel + 540) % 360) - 180) / 60;
  return Math.min(1, Math.max(0, Math.abs(sector) - 1));
}

/** Degrees; strong colours count far more than pale ones. */
function mostVividHue(data: Pixels['data']): number {
  const step = 10;
  const weights = new Float64Array(360 / step);
  // Every fourth pixel will do.
  for (let at = 0; at < data.length; at += 16) {
    const [hue, chroma, saturation] = hueOf(data[at]!, data[at + 1]!, data[at + 2]!);
    weights[Math.floor(hue / step) % weights.length]! += (chroma * saturation) ** 6;
  }
  return weights.indexOf(Math.max(...weights)) * step + step / 2;
}

/** Hue in degrees, 0 = red; chroma 0–255; saturation 0–1. */
function hueOf(red: number, green: number, blue: number): readonly [hue: number, chroma: number, saturation: number] {
  const most = Math.max(red, green, blue);
  const chroma = most - Math.min(red, green, blue);
  if (chroma === 0) return [0, 0, 0];
  const sector =
    most === red ? (green - blue) / chroma : most === green ? 2 + (blue - red) / chroma : 4 + (red - green) / chroma;
  return [(sector * 60 + 360) % 360, chroma, chroma / most];
}

/** 0 below `from`, 1 above `to`, smooth between them. */
function rise(value: number, from: number, to: number): number {
  const share = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return share * share * (3 - 2 * share);
}
