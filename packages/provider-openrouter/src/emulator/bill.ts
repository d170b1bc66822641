// What a request costs, by the price list of the service that answers. How lines with and without a variant go together is unverified.

import type { EndpointRecord, PriceRecord } from './catalogue.ts';
import { type Fields, pictureIn } from './checks.ts';

/** px */
export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/** The size of the pictures. Without a resolution it is the first that the service has from 1K on (unverified). */
export function dimensionsOf(service: EndpointRecord, { size, resolution, aspect_ratio }: Fields): Dimensions {
  const explicit = /^(\d+)x(\d+)$/.exec(String(size));
  if (explicit) return { width: Number(explicit[1]), height: Number(explicit[2]) };
  const tiers = service.supported_parameters.resolution;
  const known = tiers?.type === 'enum' ? tiers.values : ['1K'];
  const usual = known.find((tier) => sideOf(tier) >= 1024) ?? known[0];
  const side = sideOf(String(resolution ?? (size === 'auto' ? undefined : size) ?? usual));
  const [, across, down] = /^([\d.]+):([\d.]+)$/.exec(String(aspect_ratio)) ?? [];
  const stretch = Math.sqrt(Number(across ?? 1) / Number(down ?? 1));
  return { width: Math.round(side * stretch), height: Math.round(side / stretch) };
}

function sideOf(tier: string): number {
  const [, number, unit] = /^([\d.]+)(k?)$/i.exec(tier) ?? [];
  return number === undefined ? 1024 : Number(number) * (unit ? 1024 : 1);
}

/** The tokens and US$ of a request. */
export function billOf(service: EndpointRecord, fields: Fields, size: Dimensions) {
  const n = (fields.n as number | undefined) ?? 1;
  const references = (fields.input_references as readonly { image_url: { url: string } }[] | undefined) ?? [];
  const area = size.width * size.height;
  const text = Math.ceil(String(fields.prompt).length / 4);
  const [imageIn, imageOut] = [200 * references.length, n * Math.ceil(area / 1024)];
  const given = references.map(({ image_url: { url } }) => pictureIn(url));
  const areaGiven = given.reduce((sum, one) => sum + (one?.width ?? 1000) * (one?.height ?? 1000), 0);
  const ofInputs = {
    image: references.length,
    megapixel: areaGiven / 1e6,
    token: imageIn,
    request: Math.sign(references.length),
  };
  const amounts: { readonly [billable: string]: { readonly [unit: string]: number } } = {
    output_image: { image: n, megapixel: (n * area) / 1e6, token: imageOut, request: 1 },
    input_image: ofInputs,
    input_reference: ofInputs,
    input_text: { token: text, request: 1 },
  };
  const groups = Object.values(Object.groupBy(service.pricing, ({ billable, unit }) => `${billable} ${unit}`));
  const cost = groups.reduce((sum, group) => {
    const { billable, unit } = group![0]!;
    return sum + lineFor(group!, fields).cost_usd * (amounts[billable]?.[unit] ?? 0);
  }, 0);
  const usage = { prompt_tokens: text + imageIn, completion_tokens: imageOut, total_tokens: text + imageIn + imageOut };
  return { cost, usage: { ...usage, cost } };
}

/** The line of what was asked for, else the one for everything, else the dearest. */
function lineFor(group: readonly PriceRecord[], { resolution, quality, size }: Fields): PriceRecord {
  const asked = [resolution, quality, size].map((value) => String(value).toLowerCase());
  const own = group.find(({ variant }) => variant !== undefined && asked.includes(variant.toLowerCase()));
  return (
    own ?? group.find(({ variant }) => variant === undefined) ?? group.toSorted((a, b) => b.cost_usd - a.cost_usd)[0]!
  );
}
