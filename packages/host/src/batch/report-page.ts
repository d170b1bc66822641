// The report of a batch as a page: every picture with its prompt, without a script, and readable from any disk.

import { type Applied, cleanText } from '@anyimage/core';
import { valueText } from '../text/text.ts';
import { money } from '../text/units.ts';
import type { BatchRow } from './batch-row.ts';

/** A page of more rows than this no browser shows well: the others are in the list alone. */
export const mostOnPage = 5000;

/** The beginning of a page. `facts`: what is said of the whole, in short. */
export function pageHead(title: string, facts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="anyimage">
<title>${escaped(title)}</title>
<style>${style}</style>
<header><h1>${escaped(title)}</h1><p>${facts.map(escaped).join(' · ')}</p></header>
<main>
`;
}

/** The end of a page that shows so many of all rows. */
export function pageTail(shown: number, total: number): string {
  const rest = total > shown ? `<footer>The first ${shown} of ${total} rows; report.jsonl has all.</footer>\n` : '';
  return `</main>\n${rest}</html>\n`;
}

/** A row: its pictures, or why there is none. */
export function rowPart({ n, line, prompt, state, model, pictures, cost, error, applied = [] }: BatchRow): string {
  const alt = escaped(prompt.slice(0, 300));
  const shown = pictures.map(({ path, width, height }) => {
    const place = escaped(path.split('/').map(encodeURIComponent).join('/'));
    return `<a href="${place}"><img loading="lazy" src="${place}" width="${width}" height="${height}" alt="${alt}"></a>`;
  });
  const why = error && `<p class="why"><b>${state}</b> ${escaped(error.message)}</p>`;
  const facts = [`line ${line}`, model, pictures[0]?.seed !== undefined && `seed ${pictures[0].seed}`, costText(cost)];
  const small = facts.filter((fact) => typeof fact === 'string' && fact !== '').map((fact) => escaped(String(fact)));
  const changes = applied.map((one) => `<small>${escaped(changeText(one))}</small>`);
  return `<figure class="${state}" id="row-${n}">${shown.join('')}${why ?? ''}
<figcaption><b>${n}</b> ${escaped(prompt)}<small>${small.join(' · ')}</small>${changes.join('')}</figcaption></figure>
`;
}

/** `model cogview/cogview-4 → openai/gpt-image-2 (rate limit)` */
function changeText({ option, asked, sent, because }: Applied): string {
  return `${option} ${valueText(asked)} → ${sent === null ? '–' : valueText(sent)} (${because})`;
}

function costText(cost: BatchRow['cost']): string {
  return cost === undefined ? '' : money(cost);
}

function escaped(text: string): string {
  const signs: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return cleanText(text).replace(/[&<>"']/g, (sign) => signs[sign]!);
}

const style = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 1500px; padding: 1.2rem; }
h1 { font-size: 1.4rem; margin: 0; }
header p, footer, small { color: light-dark(#555, #aaa); }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 1rem; }
figure { margin: 0; padding: .6rem; border: 1px solid light-dark(#ddd, #444); border-radius: 8px; overflow: hidden; content-visibility: auto; contain-intrinsic-size: auto 320px; }
figure:not(.done) { border-color: light-dark(#c60, #e93); }
img { width: 100%; height: auto; display: block; border-radius: 4px; margin-bottom: .4rem; background: light-dark(#f4f4f4, #222); }
figcaption { overflow-wrap: anywhere; display: -webkit-box; -webkit-line-clamp: 7; -webkit-box-orient: vertical; overflow: hidden; }
small { display: block; margin-top: .2rem; }
.why { margin: 0 0 .4rem; overflow-wrap: anywhere; }
`.trim();
