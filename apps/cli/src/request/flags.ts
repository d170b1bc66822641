// The flags of a picture, as data: what is typed, what it becomes, what the help says.

import type { ClientRequest } from '@anyimage/core';
import {
  costRange,
  idRange,
  imageBytesRange,
  isInRange,
  type NumberRange,
  pageRange,
  parseNumber,
  rangeText,
  readMoney,
  readSides,
  saysNothing,
  sideRange,
} from '@anyimage/host/numbers';
import { InvalidArgumentError, Option } from 'commander';

/** Words whose flags are the same words. */
type Words = Pick<
  ClientRequest,
  | 'n'
  | 'size'
  | 'aspectRatio'
  | 'resolution'
  | 'quality'
  | 'style'
  | 'background'
  | 'outputFormat'
  | 'outputCompression'
  | 'seed'
  | 'negativePrompt'
  | 'strength'
  | 'factor'
  | 'expand'
  | 'user'
  | 'enhance'
  | 'translate'
  | 'operation'
  | 'mask'
  | 'timeout'
  | 'partials'
>;

type Price = { readonly amount: number; readonly currency: string };

/** What the flags of a picture hold after parsing, as far as they were given. */
export interface MakeFlags extends Words {
  readonly model?: readonly string[];
  readonly prefer?: 'price' | 'speed' | 'quality';
  readonly fast?: true;
  readonly best?: true;
  readonly maxCost?: Price;
  /** The same. */
  readonly maxPrice?: Price;
  readonly option?: { readonly [name: string]: string };
  readonly image?: readonly string[];
  readonly clipboard?: true;
  readonly maskRegion?: readonly string[];
  readonly maskEllipse?: readonly string[];
  readonly output?: string;
  readonly adapt?: true;
  readonly dryRun?: true;
  readonly force?: true;
  /** One of `previewWords`; `false`: none. */
  readonly preview?: string | false;
  /** Copies that tell themselves how they were made. */
  readonly embed?: true;
  readonly open?: true;
  readonly quiet?: true;
  readonly json?: true;
  readonly yes?: true;
  readonly maxImageBytes?: number;
}

/** How `auto` is to choose; `undefined` where nobody says. */
export function preferenceOf({ prefer, fast, best }: MakeFlags): MakeFlags['prefer'] {
  return prefer ?? (fast ? 'speed' : best ? 'quality' : undefined);
}

/** In the order of the help. A new call makes new options: they collect values. */
export function makeFlags(): Option[] {
  const picture = 'The picture:';
  const input = 'Pictures to start from:';
  const result = 'The result:';
  const how = 'How it is done:';
  return [
    flag(picture, '-m, --model <name>', 'provider/model, or a provider; again = the next to try').argParser(collect),
    flag(picture, '-n <count>', 'how many pictures, 1 to 100').argParser(number(countRange)),
    flag(picture, '--size <size>', 'WIDTHxHEIGHT in px, such as 1344x768'),
    flag(picture, '--aspect-ratio <ratio>', 'WIDTH:HEIGHT, such as 16:9, in place of a size'),
    flag(picture, '--resolution <name>', 'such as 1K, 2K or 4K, in place of a size'),
    flag(picture, '--quality <name>', 'such as standard or hd, as the model names it'),
    flag(picture, '--style <name>', 'one of anyimage styles, or as the model names it'),
    flag(picture, '--background <name>', 'such as transparent'),
    flag(picture, '--seed <number>', 'the same seed draws the same picture, where the model has seeds').argParser(
      number(seedRange),
    ),
    flag(picture, '--negative-prompt <text>', 'what should not be seen'),
    flag(
      picture,
      '--option <name=value>',
      'what only this model knows, a picture by its path; may be given again',
    ).argParser(pair),
    flag(
      input,
      '-i, --image <picture>',
      'path or URL of a picture, last, an id of the history, clipboard, or - for stdin; may be given again',
    ).argParser(collect),
    flag(input, '--clipboard', 'the picture that was copied: as -i clipboard'),
    flag(
      input,
      '--mask <file or shape>',
      'what to repaint: "rect X,Y,W,H", "ellipse CX,CY,RX,RY" or "polygon X,Y X,Y X,Y" in px or % (rect 0,0,100%,40%); or a picture, white = repaint',
    ),
    flag(
      input,
      '--mask-region <x,y,w,h>',
      'repaint a rectangle, in px or %; as --mask "rect …"; may be given again',
    ).argParser(collect),
    flag(
      input,
      '--mask-ellipse <cx,cy,rx,ry>',
      'repaint an ellipse about its centre, in px or %; may be given again',
    ).argParser(collect),
    flag(input, '--operation <name>', 'edit, inpaint, outpaint, upscale …; usually clear from the rest'),
    flag(input, '--strength <0-1>', 'how far the picture may change').argParser(number(shareRange)),
    flag(input, '--factor <number>', 'how much to enlarge').argParser(number(factorRange)),
    flag(input, '--expand <sides>', 'how far to extend: 0.5, or left=0.5,top=0.2').argParser(sides),
    flag(
      result,
      '-o, --output <path>',
      'file (several become name-1.png, name-2.png), folder, - for stdout, or a pipe',
    ),
    flag(result, '--output-format <name>', 'png, jpeg, webp …; default: as the file is named'),
    flag(result, '--output-compression <0-100>', 'for jpeg and webp').argParser(number(percentRange)),
    flag(result, '--max-image-bytes <count>', 'the largest picture that is taken; default 64 MiB').argParser(
      imageBytes,
    ),
    flag(result, '--force', 'replace existing files'),
    flag(
      result,
      '--preview <how>',
      'how it is shown at a terminal: auto (default), kitty, iterm, sixel, blocks or none',
    ),
    flag(result, '--no-preview', 'do not show it'),
    flag(
      result,
      '--partials <count>',
      'show it so many times while it is drawn, where the model can; the service may charge for each',
    ).argParser(number(partialsRange)),
    flag(result, '--embed', 'write prompt, model and seed into a copy beside it, boat.embedded.png'),
    flag(result, '--open', 'open it in the viewer of this machine, too'),
    flag(result, '-q, --quiet', 'print the paths, and besides only what went wrong or otherwise'),
    flag(result, '--json', 'print one JSON document instead of paths'),
    flag(how, '--adapt', 'take the nearest size, quality … that the model can make, and say so'),
    flag(how, '--dry-run', 'show what would be sent and what it would cost; send nothing'),
    flag(how, '-y, --yes', 'do not ask what a model costs before it draws for the first time'),
    flag(how, '--timeout <time>', 'one deadline for everything: ms, or 90s, 5m').argParser(milliseconds),
    flag(how, '--enhance [style]', "let the service's language model enrich the prompt, in a style if one is named"),
    flag(
      how,
      '--translate <when>',
      'auto (default): a prompt in a language that the model does not know; or never',
    ).choices(['auto', 'never']),
    flag(how, '--prefer <what>', 'how -m auto chooses, which it implies').choices(['price', 'speed', 'quality']),
    flag(how, '--fast', 'as --prefer speed').conflicts(['prefer', 'best']),
    flag(how, '--best', 'as --prefer quality').conflicts(['prefer', 'fast']),
    flag(
      how,
      '--max-cost <price>',
      'the most that all pictures may cost by the price list, such as "0.10 USD"',
    ).argParser(money),
    flag(how, '--max-price <price>', 'as --max-cost').argParser(money).conflicts('maxCost').hideHelp(),
    flag(how, '--verbose', 'tell on stderr what is sent and answered, without keys and prompts; also beside a command'),
    flag(how, '--log-file <file>', 'the same as lines of JSON, added to a file; also beside a command'),
    flag(how, '--profile <name>', 'one of the profiles of your config, or none; also beside a command'),
    flag(how, '--user <id>', 'id of the end user, for the abuse handling of the service'),
  ];
}

function flag(group: string, flags: string, about: string): Option {
  const option = new Option(flags, about).helpGroup(group);
  return option.required ? option.argParser(text) : option;
}

/** The next flag in place of a value is a value forgotten. */
function text(value: string): string {
  if (!value.startsWith('--')) return value;
  throw new InvalidArgumentError('Its value is missing.');
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text(value)];
}

const countRange: NumberRange = { least: 1, most: 100, whole: true, example: '4' };
const seedRange: NumberRange = { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true, example: '7' };
const shareRange: NumberRange = { least: 0, most: 1, example: '0.6' };
const partialsRange: NumberRange = { least: 0, most: 10, whole: true, example: '2' };
const factorRange: NumberRange = { least: 0, most: 100, example: '2' };
const percentRange: NumberRange = { least: 0, most: 100, example: '80' };

/**
 * Reads a word of a request. Whether a number is in the range core says; what is none, or too large to be told exactly, is refused here.
 * `undefined` for what asks for nothing.
 */
function number(range: NumberRange): (value: string) => number | undefined {
  return (value) => {
    if (saysNothing(value)) return undefined;
    const read = parseNumber(value, { ...anyNumber, example: range.example });
    if (read !== undefined) return read;
    throw new InvalidArgumentError(`Give ${rangeText(range)}, in plain digits.`);
  };
}

const anyNumber = { least: -Number.MAX_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER } as const;

/** The number that was typed. Throws for what is none in the range. */
function inRange(value: string, range: NumberRange): number {
  const read = parseNumber(value, range);
  if (read !== undefined) return read;
  throw new InvalidArgumentError(`Give ${rangeText(range)}.`);
}

function pair(value: string, before: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  const at = value.indexOf('=');
  if (at > 0) return { ...before, [value.slice(0, at)]: value.slice(at + 1) };
  throw new InvalidArgumentError('Write name=value, such as watermark=false.');
}

/** `0.5` for all sides, or `left=0.5,top=0.2`. */
export function sides(value: string): Readonly<Record<string, number>> {
  const read = readSides(value);
  if (read) return read;
  throw new InvalidArgumentError(`Write ${rangeText(sideRange)}, for all sides, or such as left=0.5,top=0.2.`);
}

/** `0.10 USD`. */
export function money(value: string): { amount: number; currency: string } {
  const read = readMoney(value);
  if (read) return read;
  throw new InvalidArgumentError(`Write ${rangeText(costRange)}, and a currency: "0.10 USD".`);
}

const units: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** A day at most: no picture takes longer. */
const timeRange: NumberRange = { least: 1, most: 86_400_000, whole: true, example: '90s, 5m or 30000' };

/** A smaller plain number is seconds to whoever types it: no picture is made in less, ms. */
const leastPlain = 1000;

/** Plain numbers are ms, as in the other interfaces. Throws for those that were probably meant as seconds. */
export function milliseconds(value: string): number {
  const [, typed = '', unit = ''] = /^\s*([\d.]+)\s*([a-z]*)\s*$/.exec(value) ?? [];
  // Not whole: 1.5m is a time.
  const amount = parseNumber(typed, { least: 0, most: timeRange.most, example: timeRange.example });
  const factor = Object.hasOwn(units, unit) ? units[unit]! : Number.NaN;
  const ms = Math.round((amount ?? Number.NaN) * factor);
  if (unit === '' && ms > 0 && ms < leastPlain) {
    throw new InvalidArgumentError(
      `Are seconds meant? Write ${typed}s; a plain number is ms, and ${typed}ms if that is meant.`,
    );
  }
  if (isInRange(ms, timeRange)) return ms;
  throw new InvalidArgumentError('Write a time from 1ms to 24h, such as 90s, 5m or 30000 (ms).');
}

/** 0 to 65535. */
export function port(value: string): number {
  return inRange(value, { least: 0, most: 65_535, whole: true, example: '8080' });
}

/** Of the largest picture that is taken. */
export function imageBytes(value: string): number {
  return inRange(value, imageBytesRange);
}

/** How many pictures are shown. */
export function pageSize(value: string): number {
  return inRange(value, pageRange);
}

/** A picture of the history. */
export function pictureId(value: string): number {
  return inRange(value, idRange);
}
