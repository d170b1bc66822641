// A capability table is data that others rely on: it must be complete, and agree with itself.

import assert from 'node:assert/strict';
import {
  type Choice,
  type Ending,
  type Limits,
  limitsOf,
  type ModelTable,
  type OptionSpec,
  type Price,
  type SizeRule,
} from '@anyimage/core';
import { always, type Case, rowsOf } from './rig/case.ts';

const day = /^\d{4}-\d{2}-\d{2}$/;
const sizePattern = /^[1-9]\d*x[1-9]\d*$/;
const ratioPattern = /^\d+(\.\d+)?:\d+(\.\d+)?$/;

export const tableCases: readonly Case[] = [
  {
    id: 'table-rows-are-sane',
    title: 'every model says what it is, where that was read and when, and names only models and regions that exist',
    applies: always,
    async run({ provider }) {
      const { models, unlisted, regions } = provider();
      const names = new Set(Object.keys(models));
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
      for (const [id, row] of rowsOf({ ...provider(), models, ...(unlisted && { unlisted }) })) {
        assert.ok(row.label.trim(), `${id}: the label is empty`);
        assert.equal(row.origin, undefined, `${id}: where a row comes from is not said by its table`);
        assert.match(row.source, /^https?:\/\/[^/]+/, `${id}: source is no URL`);
        assert.ok(isDay(row.checked) && row.checked <= tomorrow, `${id}: checked is no past day: ${row.checked}`);
        for (const ending of [row, ...Object.values(row.regions ?? {})]) checkEnding(id, ending, models);
        assert.ok(Object.keys(row.operations).length > 0, `${id}: there is no operation`);
        if (row.delivery.as === 'url') assert.ok(row.delivery.livesSeconds > 0, `${id}: URLs live no time`);
        for (const alias of row.aliases ?? []) {
          assert.ok(!names.has(alias), `${id}: the alias ${alias} is taken`);
          names.add(alias);
        }
        for (const region of Object.keys(row.regions ?? {})) {
          assert.ok(regions[region], `${id}: the region ${region} is unknown`);
        }
      }
    },
  },
  {
    id: 'table-values-agree',
    title: 'defaults are among the values, sizes are sizes, and ranges begin before they end',
    applies: always,
    async run({ provider }) {
      for (const [id, row] of rowsOf(provider())) {
        for (const operation of Object.keys(row.operations))
          checkLimits(`${id} ${operation}`, limitsOf(row, operation)!);
      }
    },
  },
];

function isDay(text: string): boolean {
  return day.test(text) && !Number.isNaN(Date.parse(text));
}

function checkEnding(id: string, { deprecated, retires, successor }: Ending, models: ModelTable): void {
  for (const date of [deprecated, retires]) {
    if (date !== undefined) assert.ok(isDay(date), `${id}: ${date} is no day`);
  }
  if (deprecated && retires) assert.ok(deprecated <= retires, `${id}: retired before deprecated`);
  if (successor === undefined) return;
  assert.ok(successor !== id && models[successor], `${id}: the successor ${successor} is no other model`);
}

function checkLimits(where: string, limits: Limits): void {
  for (const word of ['quality', 'style', 'background', 'outputFormat'] as const) {
    const choice = limits[word];
    if (choice) checkChoice(`${where} ${word}`, choice);
  }
  if (limits.size) checkSize(`${where} size`, limits.size);
  for (const [name, option] of Object.entries(limits.options ?? {})) checkOption(`${where} option ${name}`, option);
  const { images, user, latencyMs, seed, perCall, prices = [], outputCompression = [], outputFormat, modes } = limits;
  const ranges = [user, latencyMs, ...(images ? [images.count, images.pixels, images.side] : [])];
  for (const range of ranges) if (range) assert.ok(range[0] <= range[1], `${where}: ${range.join('–')} is no range`);
  if (seed) assert.ok(seed.max > 0, `${where}: seed.max is above 0`);
  if (perCall !== undefined) assert.ok(Number.isInteger(perCall) && perCall >= 1, `${where}: perCall is from 1`);
  if (modes) assert.ok(modes.length > 0, `${where}: modes is empty`);
  for (const price of prices) checkPrice(where, price);
  const formats = outputFormat ? outputFormat.values : [];
  for (const format of outputCompression) {
    assert.ok(formats.includes(format), `${where}: ${format} is no output format`);
  }
}

function checkPrice(where: string, price: Price): void {
  const { inputs } = price;
  for (const one of [price, ...(inputs ? [inputs] : [])]) {
    const { amount, per, further, rounds, megapixel } = one;
    for (const each of [amount, further ?? 0]) {
      assert.ok(Number.isFinite(each) && each >= 0, `${where}: a price is an amount from 0, not ${each}`);
    }
    const isCounted = further !== undefined || rounds !== undefined || megapixel !== undefined;
    assert.ok(
      !isCounted || per === 'megapixel',
      `${where}: further, rounds and megapixel are of a price per megapixel`,
    );
    assert.ok((megapixel ?? 1) > 0, `${where}: a megapixel has pixels`);
  }
  if (!inputs) return;
  const { free = 0 } = inputs;
  assert.ok(!price.per.startsWith('1M'), `${where}: inputs are of a price per image, megapixel or call`);
  assert.ok(Number.isInteger(free) && free >= 0, `${where}: so many pictures that cost nothing are a count`);
}

function checkChoice(where: string, { values, default: initial }: Choice): void {
  assert.ok(values.length > 0, `${where}: there is no value`);
  assert.equal(new Set(values).size, values.length, `${where}: a value is there twice`);
  if (initial !== undefined)
    assert.ok(values.includes(initial), `${where}: the default ${initial} is not among the values`);
}

function checkSize(where: string, size: SizeRule): void {
  const { presets = [], rules = [], ratios = [], tiers = [], pixels = {}, renamed = {}, default: initial } = size;
  const sizes = [...presets, ...Object.values(renamed), ...Object.values(pixels).flatMap((row) => Object.values(row))];
  for (const each of sizes) assert.match(each, sizePattern, `${where}: ${each} is no size`);
  for (const each of ratios) assert.match(each, ratioPattern, `${where}: ${each} is no ratio`);
  for (const list of [presets, ratios, tiers] as const) {
    assert.equal(new Set(list).size, list.length, `${where}: an entry is there twice`);
  }
  for (const { side, pixels: area, multiple, round } of rules) {
    for (const range of [side, area])
      if (range) assert.ok(range[0] <= range[1], `${where}: ${range.join('–')} is no range`);
    if (multiple && round) assert.equal(round % multiple, 0, `${where}: round is no multiple of ${multiple}`);
  }
  if (typeof initial === 'object') {
    if (initial.ratio) assert.ok(ratios.includes(initial.ratio), `${where}: the default ratio is not among the ratios`);
    if (initial.tier) assert.ok(tiers.includes(initial.tier), `${where}: the default tier is not among the tiers`);
  } else if (sizePattern.test(initial)) {
    assert.ok(fits(size, initial), `${where}: the default ${initial} is not allowed`);
  } else {
    assert.ok(['auto', 'first-image', 'last-image'].includes(initial), `${where}: ${initial} is no default`);
  }
}

/** Whether the rule allows a size. Written here once more, so that the suite does not believe what it examines. */
export function fits({ presets = [], rules = [], pixels = {} }: SizeRule, size: string): boolean {
  if ((presets as readonly string[]).includes(size)) return true;
  if (Object.values(pixels).some((row) => (Object.values(row) as string[]).includes(size))) return true;
  const [width, height] = size.split('x').map(Number) as [number, number];
  const within = (value: number, range?: readonly [number, number]) =>
    !range || (value >= range[0] && value <= range[1]);
  return rules.some(
    ({ side, pixels: area, aspect, multiple = 1 }) =>
      [width, height].every((length) => within(length, side) && length % multiple === 0) &&
      within(width * height, area) &&
      (!aspect || Math.max(width, height) / Math.min(width, height) <= aspect),
  );
}

function checkOption(where: string, option: OptionSpec): void {
  if (!('default' in option) || option.default === undefined) return;
  const kind = option.type === 'integer' ? 'number' : option.type;
  assert.equal(typeof option.default, kind, `${where}: the default is no ${option.type}`);
  if (option.type === 'string') {
    if (option.values)
      assert.ok(option.values.includes(option.default), `${where}: the default is not among the values`);
    assert.ok(option.default.length <= (option.maxLength ?? Infinity), `${where}: the default is too long`);
  }
  if (option.type === 'number' || option.type === 'integer') {
    const { min = -Infinity, max = Infinity } = option;
    assert.ok(option.default >= min && option.default <= max, `${where}: the default is out of range`);
  }
}
