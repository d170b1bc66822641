// Size, ratio and resolution as they are written: `512*512`, `512 x 512`, `16x9`, `1080p`, `4K`, `widescreen`, width and height.

import type { Applied } from '@anyimage/core';
import { saysNothing } from '../text/numbers.ts';
import { readAs, scalarText, unquoted } from './loose-value.ts';
import { refuseWord } from './refuse-word.ts';

/** The words that say how large a picture is and which shape it has, as they were given. */
export interface ShapeWords {
  readonly size?: unknown;
  readonly width?: unknown;
  readonly height?: unknown;
  readonly aspectRatio?: unknown;
  readonly resolution?: unknown;
}

/** The same as core takes them, and what was read as something else than its word says. */
export interface Shape {
  readonly words: { readonly [word in 'size' | 'aspectRatio' | 'resolution']?: string };
  readonly applied: readonly Applied[];
}

/** Numbers up to this may be parts of a ratio: no model draws so few px. */
const mostOfRatio = 32;
/** The ratio that is usually not written in its lowest terms. */
const ofCinema = '21:9';

/** Characters. */
const longestShape = 60;

/** Shapes by name. */
const named: Readonly<Record<string, string>> = {
  square: '1:1',
  landscape: '3:2',
  horizontal: '3:2',
  portrait: '2:3',
  vertical: '2:3',
  widescreen: '16:9',
  wide: '16:9',
  cinematic: '21:9',
  ultrawide: '21:9',
  phone: '9:16',
  story: '9:16',
};

/** Sizes by the names of screens. */
const screens: Readonly<Record<string, string>> = {
  '720p': '1280x720',
  '1080p': '1920x1080',
  '1440p': '2560x1440',
  '2160p': '3840x2160',
};

/** Resolutions by the names of screens. */
const tiers: Readonly<Record<string, string>> = { uhd: '4K', '4kuhd': '4K', ultrahd: '4K' };
/** Resolutions by the px of a side, as tables name them. 3840 and 2160 are the sides of a screen of 4K. */
const tiersBySide: Readonly<Record<number, string>> = { 512: '512', 2160: '4K', 3840: '4K' };
/** Numbers up to this are thousands of px: a resolution of 4 is 4K. */
const mostThousands = 16;

/** Throws `invalid-request` for what is no shape. */
export function readShape(given: ShapeWords): Shape {
  const { size, aspectRatio, resolution } = given;
  const words: { size?: string; aspectRatio?: string; resolution?: string } = {};
  const applied: Applied[] = [];
  const sides = readSides(given);
  const read: readonly (readonly [option: keyof Shape['words'], value: unknown])[] = [
    ['resolution', resolution],
    ['aspectRatio', aspectRatio],
    ['size', sides ?? size],
  ];
  for (const [option, value] of read) {
    const meant = value === undefined ? undefined : meaningOf(option, value);
    if (!meant) continue;
    words[meant.word] = meant.text;
    const isSame = meant.text.toLowerCase() === meant.asked.toLowerCase();
    if (meant.because && !isSame)
      applied.push({ option, asked: meant.asked, sent: meant.text, because: meant.because });
  }
  if (words.size && words.aspectRatio && isOfRatio(words.size, words.aspectRatio)) delete words.aspectRatio;
  return { words, applied };
}

/** What one word comes to. */
interface Meaning {
  readonly word: keyof Shape['words'];
  readonly text: string;
  readonly asked: string;
  /** Why it is another word than was written, or another value. */
  readonly because?: string;
}

function meaningOf(option: keyof Shape['words'], value: unknown): Meaning | undefined {
  const asked = writtenShape(value);
  if (asked === undefined || asked.length > longestShape) throw refuseShape(option, value);
  if (saysNothing(asked) || /^(?:auto|automatic|any|original|same)$/i.test(asked)) return undefined;
  const meaning = measured(option, asked) ?? byName(option, asked);
  if (meaning) return { ...meaning, asked };
  // A model may have names of its own.
  if (option === 'resolution') return { word: option, text: asked, asked };
  throw refuseShape(option, value);
}

/** A shape of two numbers, or of one. */
function measured(option: keyof Shape['words'], text: string): Omit<Meaning, 'asked'> | undefined {
  const two = /^(\d+(?:\.\d+)?)\s*(?:px)?\s*([xX*×✕✖⨯:：/,]|by|to|-)\s*(\d+(?:\.\d+)?)\s*(?:px|pixels?)?$/i.exec(text);
  if (two) return ofTwo(option, Number(two[1]), Number(two[3]), two[2]!);
  const one = /^(\d+(?:\.\d+)?)\s*(px|pixels?)?$/i.exec(text);
  if (!one) return undefined;
  const number = Number(one[1]);
  if (option === 'aspectRatio' && !one[2]) return { word: option, text: `${Math.round(number * 1000) / 1000}:1` };
  if (option === 'resolution' && !one[2] && number > 0) {
    return { word: option, text: tierOf(number), because: 'the resolution of that many px' };
  }
  if (option === 'aspectRatio' || !Number.isInteger(number) || number <= mostOfRatio) return undefined;
  return { word: 'size', text: `${number}x${number}`, because: 'one side was given: a square of it' };
}

/** The resolution that a number stands for: the px of a side, or thousands of them. */
function tierOf(number: number): string {
  const byName = Object.hasOwn(tiersBySide, number) ? tiersBySide[number] : undefined;
  return byName ?? `${number <= mostThousands ? number : Math.round((number / 1024) * 1000) / 1000}K`;
}

function ofTwo(option: keyof Shape['words'], a: number, b: number, sign: string): Omit<Meaning, 'asked'> | undefined {
  if (!(a > 0 && b > 0)) return undefined;
  const isRatio = option === 'aspectRatio' || /[:：/]/.test(sign) || seemsRatio(a, b);
  const isLarge = Math.min(a, b) > mostOfRatio && Number.isInteger(a) && Number.isInteger(b);
  if (option !== 'aspectRatio' && isLarge) {
    return { word: 'size', text: `${a}x${b}`, ...(option !== 'size' && { because: 'it is a size in px' }) };
  }
  if (!isRatio) return Number.isInteger(a) && Number.isInteger(b) ? { word: 'size', text: `${a}x${b}` } : undefined;
  const because = option === 'aspectRatio' ? undefined : 'it is a ratio, and no size in px';
  return { word: 'aspectRatio', text: `${a}:${b}`, ...(because && { because }) };
}

/** Whether two numbers without a word are a ratio: `16x9` is, `10x10` is a size that is too small. */
function seemsRatio(a: number, b: number): boolean {
  if (Math.max(a, b) > mostOfRatio) return false;
  return (
    `${Math.max(a, b)}:${Math.min(a, b)}` === ofCinema ||
    !(Number.isInteger(a) && Number.isInteger(b)) ||
    divisor(a, b) === 1
  );
}

/** The greatest common one. */
function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

function byName(option: keyof Shape['words'], text: string): Omit<Meaning, 'asked'> | undefined {
  const name = text.toLowerCase();
  const ratio = Object.hasOwn(named, name) ? named[name] : undefined;
  if (ratio) return { word: 'aspectRatio', text: ratio, because: 'a shape of that name' };
  const screen = Object.hasOwn(screens, name) ? screens[name] : undefined;
  if (screen) return { word: 'size', text: screen, because: 'the size of that name' };
  const plain = name.replace(/[-_\s]+/g, '');
  const thousands = /^([\d.]+)\s*k$/i.exec(text)?.[1];
  const tier = thousands === undefined ? Object.hasOwn(tiers, plain) && tiers[plain] : `${thousands}K`;
  if (!tier) return undefined;
  return { word: 'resolution', text: tier, ...(option !== 'resolution' && { because: 'it is a resolution' }) };
}

/** The shape as one text. Two sides may also be a list or an object. */
function writtenShape(value: unknown): string | undefined {
  const record = readAs('object', value) as Readonly<Record<string, unknown>> | undefined;
  const { width, height, w = width, h = height } = record ?? {};
  const isList = Array.isArray(value) || /^\s*\[/.test(scalarText(value));
  const sides = record ? [w, h] : isList && readAs('array', value);
  if (!Array.isArray(sides) || sides.length !== 2) {
    const text = readAs('string', value) as string | undefined;
    return text === undefined ? undefined : unquoted(text).replace(/\s+/g, ' ');
  }
  const texts = sides.map((side) => readAs('number', side));
  return texts.includes(undefined) ? undefined : texts.join('x');
}

/** `WIDTHxHEIGHT` of two words. Throws `invalid-request` for one alone. */
function readSides({ size, width, height }: ShapeWords): string | undefined {
  if (width === undefined && height === undefined) return undefined;
  const sides = [width, height].map((side) =>
    readAs('integer', typeof side === 'string' ? side.replace(/px$/i, '') : side),
  );
  if (size !== undefined || sides.includes(undefined)) {
    const one = width === undefined ? 'height' : 'width';
    const must = size === undefined ? 'come with the other side' : 'not stand beside size';
    throw refuseWord(one, must, width ?? height, 'Give size alone, as WIDTHxHEIGHT in px; nothing was sent.');
  }
  return sides.join('x');
}

/** Whether a size has a ratio, to a hundredth. */
function isOfRatio(size: string, ratio: string): boolean {
  const [width = 0, height = 1] = size.split('x').map(Number);
  const [across = 0, down = 1] = ratio.split(':').map(Number);
  return Math.abs((width * down) / (height * across) - 1) < 0.01;
}

function refuseShape(option: keyof Shape['words'], value: unknown) {
  const musts = {
    size: 'be WIDTHxHEIGHT in px, such as 1024x768',
    aspectRatio: 'be WIDTH:HEIGHT, such as 16:9',
    resolution: 'be a name such as 2K',
  };
  return refuseWord(option, musts[option], value);
}
