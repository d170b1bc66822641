// What the documentation says of each model. Tokens of a picture are worked back from prices for 1024x1024, which are unverified.

/** US$ for one million tokens. */
export interface Prices {
  readonly text: number;
  readonly imageIn: number;
  readonly imageOut: number;
}

export interface Model {
  /** Tokens of a picture of 1024x1024 by quality; `auto` is worked out as `medium`. */
  readonly tokens: Readonly<Record<string, number>>;
  readonly prices: Prices;
  readonly customSizes: boolean;
  readonly complexity?: true;
  readonly inputFidelity?: readonly string[];
  /** Formats besides png, jpeg and webp. */
  readonly newFormats?: true;
  /** A drawing over the first picture. */
  readonly markup?: true;
  /** The first day without it. */
  readonly ends?: string;
}

const prices: Prices = { text: 5, imageIn: 8, imageOut: 30 };
const model2: Model = { tokens: { low: 200, medium: 1767, high: 7033 }, prices, customSizes: true };
const model25: Model = {
  tokens: { low: 233, medium: 533, high: 2100, xhigh: 3733, max: 8367 },
  prices,
  customSizes: true,
  markup: true,
};
const model26: Model = {
  tokens: { low: 800, medium: 1900, high: 2100, xhigh: 3733, max: 8367 },
  prices,
  customSizes: true,
  complexity: true,
  newFormats: true,
  markup: true,
};
const model15: Model = {
  tokens: { low: 300, medium: 1133, high: 4433 },
  prices,
  customSizes: false,
  inputFidelity: ['low', 'high'],
  ends: '2026-12-01',
};

/** Everything older (gpt-image-1, DALL·E) is gone and unknown here. */
export const models: Readonly<Record<string, Model>> = {
  'gpt-image-2': model2,
  'gpt-image-2-2026-04-21': model2,
  'gpt-image-2.5-flare': model25,
  'gpt-image-2.5-flare-2026-09-08': model25,
  'gpt-image-2.5-sunburst': model25,
  'gpt-image-2.5-sunburst-2026-09-08': model25,
  'gpt-image-2.6-flare': model26,
  'gpt-image-2.6-sunburst': model26,
  'gpt-image-1.5': model15,
  'gpt-image-1.5-2025-12-16': model15,
  'chatgpt-image-latest': model15,
  'gpt-image-1-mini': {
    tokens: { low: 625, medium: 1375, high: 4500 },
    prices: { text: 2, imageIn: 2.5, imageOut: 8 },
    customSizes: false,
    inputFidelity: ['low'],
    ends: '2026-12-01',
  },
};

const listed = ['1024x1024', '1536x1024', '1024x1536', 'auto'];

/** Whether a model makes this size. `presets`: only the listed ones count. */
export function isSize(size: string, { customSizes }: Model, presets: boolean): boolean {
  if (listed.includes(size)) return true;
  const sides = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(size)?.slice(1).map(Number);
  if (!sides || !customSizes || presets) return false;
  const [short, long] = sides.sort((a, b) => a - b) as [number, number];
  const pixels = short * long;
  const inRange = long <= 3840 && long <= 3 * short && pixels >= 655_360 && pixels <= 8_294_400;
  return inRange && sides.every((side) => side % 16 === 0);
}
