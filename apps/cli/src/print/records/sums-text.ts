// Pictures and money, as bars.

import { cleanText, type Money } from '@anyimage/core';
import { addUp, money, type PictureSum, tally } from '@anyimage/host';
import type { Paint } from '../terminal/paint.ts';
import { columnsOf, pad, width, wrapLines } from '../terminal/wrap.ts';
import { translated, translatedAmount, translatedCount } from '../words/translated.ts';

/** Lines without a final line break. */
export function sumsText(sums: readonly PictureSum[], paint: Paint, columns = columnsOf(process.stdout)): string {
  const room = Math.min(columns, mostColumns);
  const months = grouped(sums, ({ month }) => month || translated('unknown')).map(([title, total]) => ({
    title,
    ...total,
  }));
  const models = grouped(sums, ({ model }) => model)
    .map(([title, total]) => ({ title: cleanText(title), ...total }))
    .sort((a, b) => b.pictures - a.pictures);
  const total = addUp(sums);
  return [
    paint('title', translated('BY MONTH')),
    ...barLines(months, paint, room),
    '',
    paint('title', translated('BY MODEL')),
    ...barLines(models, paint, room),
    '',
    paint('title', wrapLines(totalText(total), columns)),
  ].join('\n');
}

/** What is piped is as wide. */
const mostColumns = 100;

type Total = Pick<PictureSum, 'pictures' | 'unknown' | 'cost'>;

interface Bar extends Total {
  readonly title: string;
}

function grouped(
  sums: readonly PictureSum[],
  titleOf: (sum: PictureSum) => string,
): readonly (readonly [string, Total])[] {
  return [...Map.groupBy(sums, titleOf)].map(([title, some]) => [title, addUp(some)]);
}

/** `12 pictures, 1.2 USD + 3 CNY; the price of 2 is not known`. */
export function totalText({ pictures, unknown, cost }: Total): string {
  const spent = pictures > unknown ? translatedAmount(money(cost) || 'free') : '';
  const open =
    unknown > 0
      ? unknown === pictures
        ? translated('the price of all is not known')
        : translated('the price of {count} is not known', { count: unknown })
      : '';
  return [[translatedCount(pictures, 'picture'), spent].filter(Boolean).join(translated(', ')), open]
    .filter(Boolean)
    .join(translated('; '));
}

/** A line for each bar of pictures, and one below it for each currency beyond the first; what bars of one kind have in common is their scale. */
function barLines(bars: readonly Bar[], paint: Paint, columns: number): string[] {
  const titles = Math.max(...bars.map(({ title }) => width(title)));
  const counts = Math.max(...bars.map(({ pictures }) => String(pictures).length));
  const amounts = Math.max(0, ...bars.flatMap((bar) => moneyTexts(bar).map(width)));
  const roomBeside = (side: number) => columns - side - counts - amounts - gaps;
  // Where the title is long, it has a line of its own.
  const isStacked = roomBeside(titles + 2) < leastBars;
  const side = isStacked ? 2 : titles + 2;
  const part = Math.max(leastBar, Math.min(mostBar, Math.floor(roomBeside(side) / 2)));
  const mostPictures = Math.max(...bars.map(({ pictures }) => pictures));
  const mostOf = mostByCurrency(bars);
  return bars.flatMap((bar) => {
    const parts = bar.cost.filter(({ amount }) => amount > 0);
    const texts = moneyTexts(bar);
    const count = `${paint('name', pad(barOf(bar.pictures / mostPictures, part), part))} ${String(bar.pictures).padStart(counts)}`;
    const first = isStacked ? '  ' : pad(bar.title, titles + 2);
    const lines = texts.map((text, index) => {
      const paid = parts[index];
      const drawn = paid ? barOf(paid.amount / mostOf.get(paid.currency)!, part) : '';
      const left = index === 0 ? `${first}${count}` : ' '.repeat(side + part + 1 + counts);
      return `${left}  ${paint('warning', pad(drawn, part))} ${text}`.trimEnd();
    });
    return isStacked ? [bar.title, ...lines] : lines;
  });
}

/** Columns between the parts of a line. */
const gaps = 4;
/** Columns of two bars beside each other, and of one. */
const leastBars = 12;
const leastBar = 4;
const mostBar = 30;

/** A text for each currency that something was paid in; then, or in their place, what is to be said besides. */
function moneyTexts({ pictures, unknown, cost }: Total): readonly string[] {
  const parts = cost.filter(({ amount }) => amount > 0).map((one) => money(one));
  const open = unknown > 0 ? [translated('{count} of unknown price', { count: unknown })] : [];
  if (parts.length + open.length > 0) return [...parts, ...open];
  return [pictures > 0 ? translated('free') : ''];
}

function mostByCurrency(bars: readonly { readonly cost: readonly Money[] }[]): ReadonlyMap<string, number> {
  const all = bars.flatMap(({ cost }) => cost);
  const currencies = [...tally(all.map(({ currency }) => currency)).keys()];
  return new Map(
    currencies.map((one) => [
      one,
      Math.max(...all.filter(({ currency }) => currency === one).map(({ amount }) => amount)),
    ]),
  );
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of at most so many columns, in eighths of one; what is there at all is seen. `share`: 0 to 1. */
export function barOf(share: number, columns: number): string {
  const length = share > 0 ? Math.max(1, Math.round(share * columns * 8)) : 0;
  return '█'.repeat(Math.floor(length / 8)) + eighths[length % 8]!;
}
