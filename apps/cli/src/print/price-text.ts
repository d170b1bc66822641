import { cleanText, type Money } from '@anyimage/core';
import { money } from '@anyimage/host';

/** What a model costs, in one sentence. `price`: of one picture, as `picturePrice` words it. `estimate`: of the request, where that is known. */
export function priceText(model: string, price: string, estimate: Money | null = null): string {
  const costs: Readonly<Record<string, string>> = {
    free: 'is free as it is usually asked, but not for everything',
    'price unknown': 'has a price that is not known here',
    'known only afterwards': 'has a price that is known only afterwards',
  };
  const each = price.includes(' per ') ? price : `${price} a picture`;
  const here = estimate === null ? '' : money(estimate);
  const request = here && here.replace(/^about /, '') !== price ? `; this request: ${here}` : '';
  return cleanText(`${model} ${Object.hasOwn(costs, price) ? costs[price] : `costs ${each}`}${request}`);
}
