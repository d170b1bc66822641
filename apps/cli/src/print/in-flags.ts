// Core speaks in the words of a request; people at a terminal type flags.

import { flagOf, words } from '../words.ts';

const word = words.join('|');
const rules: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/\bask with negotiation: "adapt"/g, () => 'add --adapt'],
  [
    /\bproviderOptions\.([\w-]+): ("(?:[^"\\]|\\.)*"|[\w.+-]+)/g,
    (_, name, value) => `--option ${name}=${shown(value!)}`,
  ],
  [
    new RegExp(`\\b(${word}): ("(?:[^"\\\\]|\\\\.)*"|[\\d.]+)`, 'g'),
    (_, name, value) => `${flagOf(name!)} ${shown(value!)}`,
  ],
  [/\b([Ll]eave) providerOptions\.([\w-]+) out/g, (_, leave, name) => `${leave} --option ${name} out`],
  [new RegExp(`\\b([Ll]eave) (${word}) out`, 'g'), (_, leave, name) => `${leave} ${flagOf(name!)} out`],
  [/\b(Correct|Change) providerOptions\.([\w-]+) and/g, (_, verb, name) => `${verb} --option ${name} and`],
  [new RegExp(`\\b(Correct|Change) (${word}) and`, 'g'), (_, verb, name) => `${verb} ${flagOf(name!)} and`],
  [
    /^Set ([A-Z][A-Z0-9_]*_(?:KEY|TOKEN))\b/,
    (_, name) => `Store it with anyimage keys set ${name}, or set that variable`,
  ],
  [/\bresume ticket (t-\w+)/g, (_, id) => `run anyimage jobs resume ${id}`],
  [/\bdrop the ticket\b/g, () => 'drop it with anyimage jobs drop'],
  [/\bGive a timeout\b/g, () => 'Give a --timeout'],
  [/\ballow that it is replaced\b/g, () => 'replace it with --force'],
];

/** A hint in flags: `Use size: "1344x768", or ask with negotiation: "adapt".` says `--size 1344x768` and `--adapt`. */
export function inFlags(hint: string): string {
  return rules.reduce((text, [pattern, replace]) => text.replace(pattern, replace), hint);
}

/** A JSON value as one would type it. */
function shown(json: string): string {
  if (!json.startsWith('"')) return json;
  const text: string = JSON.parse(json);
  return /^[\w./:+-]+$/.test(text) ? text : json;
}
