// What pictures cost, in words.

import { cleanText, type MegapixelPrice, type Money, type Price } from '@anyimage/core';
import { money, valueText } from '@anyimage/host';
import { translated, translatedAmount } from './words/translated.ts';

/** What a model costs, in one sentence. `price`: of one picture, as `picturePrice` words it. `estimate`: of the request, where that is known. */
export function priceText(model: string, price: string, estimate: Money | null = null): string {
  const costs: Readonly<Record<string, string>> = {
    free: translated('{model} is free as it is usually asked, but not for everything', { model }),
    'price unknown': translated('{model} has a price that is not known here', { model }),
    'known only afterwards': translated('{model} has a price that is known only afterwards', { model }),
  };
  const each = translatedAmount(price);
  const here = estimate === null ? '' : money(estimate);
  const sentence = Object.hasOwn(costs, price)
    ? costs[price]!
    : price.includes(' per ')
      ? translated('{model} costs {price}', { model, price: each })
      : translated('{model} costs {price} a picture', { model, price: each });
  const isOther = here && here.replace(/^about /, '') !== price;
  const request = isOther ? translated('; this request: {price}', { price: translatedAmount(here) }) : '';
  return cleanText(sentence + request);
}

/** `0.04 USD per image with --quality low` */
export function priceWords(price: Price): string {
  const { amount, currency, per, inputs, partial, when = {}, unsure } = price;
  const { region, tier, maxPixels, maxInputs, options = {}, ...words } = when;
  const flags = [
    ...Object.entries({ ...words, resolution: tier }).map(([word, value]) => value && `--${word} ${value}`),
    ...Object.entries(options).map(([option, value]) => `--option ${option}=${valueText(value)}`),
  ].filter(Boolean);
  const parts = [
    amount === 0 ? translated('free') : amountText(price, currency, unitText(per)),
    inputs &&
      translated('and {amount}', {
        amount: amountText(
          inputs,
          currency,
          inputs.per === 'image' ? 'picture given' : 'megapixel of each picture given',
        ),
      }),
    inputs?.free && translated('({count} of them free)', { count: inputs.free }),
    partial && translated('and {amount}', { amount: amountText({ amount: partial }, currency, 'partial picture') }),
    maxPixels && translated('up to {most}', { most: `${maxPixels.toLocaleString('en')} px` }),
    maxInputs === 1 && translated('with at most 1 input picture'),
    maxInputs !== undefined &&
      maxInputs !== 1 &&
      translated('with at most {count} input pictures', { count: maxInputs }),
    region && translated('in region {region}', { region }),
    flags.length && translated('with {flags}', { flags: flags.join(' ') }),
    unsure && translated('(sources disagree)'),
  ];
  return parts.filter(Boolean).join(translated(' '));
}

/** `0.03 USD per megapixel`, or what the first and each further one cost. */
function amountText(
  { amount, further, rounds }: MegapixelPrice & { readonly amount: number },
  currency: string,
  unit: string,
): string {
  const first = `${amount} ${currency}`;
  if (further === undefined) {
    return `${first} ${translated(`per ${unit}`)}${rounds ? translated(', counted whole') : ''}`;
  }
  const whole = rounds ? ', counted whole,' : '';
  return translated(`{first} for the first ${unit}${whole} and {further} for each further one`, {
    first,
    further: `${further} ${currency}`,
  });
}

/** `1M image out` is a million tokens of pictures that come back. */
function unitText(per: Price['per']): string {
  const [, kind, way] = /^1M (\w+) (in|out)$/.exec(per) ?? [];
  if (!kind) return per;
  return `million tokens of ${kind === 'image' ? 'pictures' : kind} ${way === 'in' ? 'sent' : 'made'}`;
}
