// --price 0.04USD/image

import { didYouMean, ImageError, nearest, type Price } from '@anyimage/core';
import { parseNumber, rangeText, shellWord } from '@anyimage/host';

/** All that there are: one that is missing does not compile. */
const currencies = Object.keys({ USD: true, CNY: true, EUR: true } satisfies Record<Price['currency'], true>);
const units = Object.keys({
  image: true,
  megapixel: true,
  call: true,
  '1M text in': true,
  '1M image in': true,
  '1M text out': true,
  '1M image out': true,
} satisfies Record<Price['per'], true>);

/** The most that one picture could cost in any currency. */
const range = { least: 0, most: 1_000_000, example: '0.04' };

/** What `--price` says of a price. */
export type TypedPrice = Pick<Price, 'amount' | 'currency' | 'per'>;

/** The price that a text says. Throws `invalid-request`: what is missing, and the words to type. */
export function readPrice(text: string): TypedPrice {
  const [, typed = '', word = '', unit] = /^([^a-z/]*)([a-z]*)\s*(?:\/(.*))?$/is.exec(text.trim()) ?? [];
  const per = unit?.trim();
  const known = units.find((one) => one.toLowerCase() === per?.toLowerCase());
  const amount = parseNumber(typed, range);
  const currency = word.toUpperCase();
  const asTyped = (money: string) => `--price ${shellWord(`${typed.trim()}${money}/${known ?? 'image'}`)}`;
  if (amount === undefined) {
    throw wrong(text, 'is no price', `Write ${rangeText(range)}, with a currency: --price 0.04USD/image.`);
  }
  if (!word) {
    throw wrong(text, 'has no currency', `Write ${currencies.map((one) => asTyped(one)).join(', or ')}.`);
  }
  if (!currencies.includes(currency)) {
    throw wrong(
      text,
      `is in ${currency}, which prices are not kept in`,
      `Write it in one of: ${currencies.join(', ')}.`,
    );
  }
  if (!per) {
    const ways = `There are: ${units.map((one) => `/${one}`).join(', ')}.`;
    throw wrong(text, 'does not say what it is for', `Write ${asTyped(currency)}. ${ways}`);
  }
  if (!known) {
    const near = nearest(per, units, 1).map((one) => `/${one}`);
    throw wrong(
      text,
      `is for ${JSON.stringify(per)}, which nothing is sold by`,
      didYouMean(near, `There are: ${units.join(', ')}.`),
    );
  }
  return { amount, currency: currency as Price['currency'], per: known as Price['per'] };
}

function wrong(text: string, problem: string, hint: string): ImageError {
  return new ImageError('invalid-request', `--price ${JSON.stringify(text)} ${problem}`, {
    details: { option: 'price', asked: text },
    hint,
  });
}
