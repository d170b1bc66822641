// Core speaks in the words of a request; people at a terminal type flags.

import { flagOf, requestWords } from './flag-names.ts';

const word = requestWords.join('|');
const option = `(?:providerOptions\\.[\\w-]+|${word})`;
const named = new RegExp(`\\b(${option}): `, 'g');

const rules: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/\bask with negotiation: "adapt"/g, () => 'add --adapt'],
  [/\bwith negotiation: adapt\b/g, () => 'with --adapt'],
  [
    new RegExp(`\\b([Ll]eave) (${option}(?: and ${option})*) out\\b`, 'g'),
    (_, leave, options) =>
      `${leave} ${options!
        .split(' and ')
        .map((one) => flag(one))
        .join(' and ')} out`,
  ],
  [new RegExp(`\\b([Ll]eave) out (${option})\\b`, 'g'), (_, leave, one) => `${leave} out ${flag(one!)}`],
  [/\bLeave providerOptions out\b/g, () => 'Leave --option out'],
  // An option that the model does not have is refused by its name alone.
  [/\bLeave (?!(?:prompt|partials|it)\b)(\w[\w-]*) out\b/g, (_, name) => `Leave --option ${name} out`],
  [new RegExp(`\\b(Correct|Change) (${option}) and\\b`, 'g'), (_, verb, one) => `${verb} ${flag(one!)} and`],
  [/\b(Give the pictures? [^.]*?) in images\b/g, (_, give) => `${give} with --image`],
  [/\b([Gg]ive) a mask\b/g, (_, give) => `${give} a --mask`],
  [/\bGive expand, such as \{ right: … \}/g, () => 'Give --expand, such as right=0.5'],
  [
    new RegExp(`\\bGive (${word}) alone, or (${word}) without (${word})\\b`, 'g'),
    (_, one, other, less) => `Give ${flag(one!)} alone, or ${flag(other!)} without ${flag(less!)}`,
  ],
  [/\bShorten the negativePrompt\b/g, () => 'Shorten the --negative-prompt'],
  [/\bproviderOptions\.[\w-]+/g, (name) => flag(name!)],
  [
    /^Set ([A-Z][A-Z0-9_]*_(?:KEY|TOKEN))\b/,
    (_, name) => `Store it with anyimage keys set ${name}, or set that variable`,
  ],
  [/\bresume ticket (t-\w+)/g, (_, id) => `run anyimage jobs resume ${id}`],
  [/\bdrop ticket (t-\w+)/g, (_, id) => `run anyimage jobs drop ${id}`],
  [/\bresume the ticket\b/g, () => 'run anyimage jobs resume'],
  [/\bdrop the ticket\b/g, () => 'drop it with anyimage jobs drop'],
  [/\bRaise maxImageBytes to (\d+)/g, (_, bytes) => `Add --max-image-bytes ${bytes}`],
  [/\bRaise maxImageBytes\b/g, () => 'Add a larger --max-image-bytes'],
  [/\bGive a timeout\b/g, () => 'Give a --timeout'],
  [/\ballow that it is replaced\b/g, () => 'replace it with --force'],
];

/** A hint in flags: `Use size: "1344x768", or ask with negotiation: "adapt".` says `--size 1344x768` and `--adapt`. */
export function inFlags(hint: string): string {
  return rules.reduce((text, [pattern, replace]) => text.replace(pattern, replace), withValues(hint));
}

/** Every `option: VALUE` as one would type it; also `option: "a" or "b"`. */
function withValues(hint: string): string {
  let text = '';
  let from = 0;
  for (const { 0: start, 1: name, index } of hint.matchAll(named)) {
    const at = index + start.length;
    const first = index < from ? undefined : jsonAt(hint, at);
    if (first === undefined) continue;
    text += hint.slice(from, index) + flag(name!, first);
    from = at + first.length;
    for (let next = otherAt(hint, from); next !== undefined; next = otherAt(hint, from)) {
      text += ` or ${shown(next)}`;
      from += ' or '.length + next.length;
    }
  }
  return text + hint.slice(from);
}

function otherAt(hint: string, at: number): string | undefined {
  return hint.startsWith(' or "', at) ? jsonAt(hint, at + ' or '.length) : undefined;
}

/** The JSON value that starts there, as it is written. */
function jsonAt(text: string, at: number): string | undefined {
  const plain = /^(?:"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|(?:true|false|null)\b)/.exec(text.slice(at))?.[0];
  if (plain !== undefined) return isJSON(plain) ? plain : undefined;
  const closing = { '{': '}', '[': ']' }[text[at] ?? ''];
  if (closing === undefined) return undefined;
  for (let end = text.indexOf(closing, at); end >= 0; end = text.indexOf(closing, end + 1)) {
    if (isJSON(text.slice(at, end + 1))) return text.slice(at, end + 1);
  }
  return undefined;
}

function isJSON(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** `--size 8x8` for `size`, `--option watermark=false` for `providerOptions.watermark`; without a value only the flag. */
function flag(name: string, json?: string): string {
  const [, own] = /^providerOptions\.(.*)$/.exec(name) ?? [];
  if (own !== undefined) return `--option ${own}${json === undefined ? '' : `=${shown(json)}`}`;
  if (json === undefined) return flagOf(name);
  return `${flagOf(name)} ${name === 'expand' && json.startsWith('{') ? sidesText(JSON.parse(json)) : shown(json)}`;
}

/** A JSON value as one would type it. */
function shown(json: string): string {
  if (/^[{[]/.test(json)) return `'${json.replaceAll("'", "'\\''")}'`;
  if (!json.startsWith('"')) return json;
  const text: string = JSON.parse(json);
  return /^[\w./:+-]+$/.test(text) ? text : json;
}

/** `left=0.5,top=0.2`, or one number where all sides are alike. */
function sidesText(sides: { readonly [side: string]: number }): string {
  const given = Object.entries(sides).filter(([, length]) => length !== 0);
  const [first] = given;
  if (!first) return '0';
  const isEven = given.length === 4 && given.every(([, length]) => length === first[1]);
  return isEven ? `${first[1]}` : given.map(([side, length]) => `${side}=${length}`).join(',');
}
