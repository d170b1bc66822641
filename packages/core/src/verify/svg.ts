// SVG: a drawing, not a picture. It is text that can hold programs and load files, so it is read whole and to the letter, and only
// where a drawing was asked for.

import { ImageError } from '../errors.ts';
import { notPicture } from './not-picture.ts';
import { damaged } from './walk.ts';

/** What an output is declared as to be taken as a drawing. */
export const drawingType = 'image/svg+xml';

/** Longest drawing, bytes: it is kept in memory until it is whole. */
export const longestDrawing = 16 * 2 ** 20;

/** The size that a viewer gives a drawing without one, px (CSS 2.2, replaced elements). */
const sizeless = { width: 300, height: 150 };

const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s<>/]+)\s*>|<([^\s<>/!?]+)((?:\s+[^\s<>/="']+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const attribute = /([^\s<>/="']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/**
 * Reads a whole drawing and returns its size, px. Throws `bad-response`, whose `details.problem` is `not-a-picture`, `truncated`,
 * `damaged`, or `unsafe` for one that could run a program or load something.
 */
export function checkSVG(bytes: Uint8Array): { width: number; height: number } {
  const text = decode(bytes);
  const open: string[] = [];
  let size: { width: number; height: number } | undefined;
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf('<', at);
    const between = start < 0 ? text.slice(at) : text.slice(at, start);
    if (open.length === 0 && between.trim()) throw damaged('an SVG with text outside its root');
    if (local(open.at(-1) ?? '') === 'style') checkCSS(between);
    if (start < 0) break;
    token.lastIndex = start;
    const found = token.exec(text);
    if (!found) throw broken(text.slice(start), open.length > 0);
    const [whole, data, closing, name, attributes = '', selfClosing] = found;
    at = start + whole.length;
    if (data !== undefined && local(open.at(-1) ?? '') === 'style') checkCSS(data);
    if (closing !== undefined && open.pop() !== closing) throw damaged('an SVG whose elements do not nest');
    if (name === undefined) continue;
    const values = readAttributes(name, attributes);
    if (open.length === 0) {
      if (size) throw damaged('an SVG with two roots');
      if (local(name) !== 'svg') throw notPicture('an XML or HTML document');
      size = sizeOf(values);
    }
    if (!selfClosing) open.push(name);
  }
  if (open.length > 0) throw truncated();
  if (!size) throw notPicture('an XML document without a drawing');
  return size;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw damaged('an SVG that is not UTF-8');
  }
}

function broken(rest: string, inside: boolean): ImageError {
  if (/^<!(?:DOCTYPE|ENTITY)/i.test(rest)) return unsafe('a document type, which can define anything');
  return inside && !rest.slice(1).includes('<') ? truncated() : damaged('an SVG with broken markup');
}

/** The attributes of an element, by local name in lower case. Throws for what could run or load something. */
function readAttributes(element: string, text: string): ReadonlyMap<string, string> {
  if (/^(?:script|foreignobject|iframe|object|embed|handler|listener)$/.test(local(element))) {
    throw unsafe(`the element ${element}`);
  }
  const values = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(attribute)) {
    const value = withoutEntities(double ?? single ?? '');
    if (/^xmlns(?::|$)/.test(name)) continue;
    const key = local(name);
    if (/^on/.test(key)) throw unsafe(`the attribute ${name}`);
    if (/^(?:href|src)$/.test(key)) checkReference(value);
    // Of an animation: what it would set a reference to.
    if (/^(?:to|from|by|values)$/.test(key) && /^\s*(?:javascript|data|https?):/i.test(value)) throw unsafe(value);
    checkCSS(value);
    values.set(key, value);
  }
  return values;
}

function checkReference(value: string): void {
  // Spaces and control characters count for nothing in a URL's scheme.
  const reference = value.replace(/[\0-\x20]/g, '');
  if (!/^(?:#|$|data:image\/(?:png|jpeg|webp|gif);base64,)/i.test(reference)) throw unsafe(`a link to ${value}`);
}

/** Style sheets and every attribute may load by `url(…)`; style sheets by `@import`, too. */
function checkCSS(css: string): void {
  if (!/[@\\(]/.test(css)) return;
  const plain = css.replace(/\\([0-9a-f]{1,6})\s?/gi, (_, code) =>
    String.fromCodePoint(Number.parseInt(code, 16) % 0x110000),
  );
  if (/@import/i.test(plain)) throw unsafe('an imported style sheet');
  for (const [, value = ''] of plain.matchAll(/(?:url|image|image-set|src)\(\s*["']?([^"')]*)/gi))
    checkReference(value);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function withoutEntities(value: string): string {
  return value.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) =>
    name === undefined
      ? String.fromCodePoint(Number.parseInt(hex ?? decimal, hex ? 16 : 10) % 0x110000)
      : (entities[name] ?? whole),
  );
}

/** A name without its prefix, in lower case. */
function local(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase();
}

function sizeOf(root: ReadonlyMap<string, string>): { width: number; height: number } {
  const [width, height] = [lengthOf(root.get('width')), lengthOf(root.get('height'))];
  if (width && height) return { width, height };
  const [, , wide, high] = (root.get('viewbox') ?? '').trim().split(/[\s,]+/);
  const [boxWidth, boxHeight] = [lengthOf(wide), lengthOf(high)];
  return boxWidth && boxHeight ? { width: boxWidth, height: boxHeight } : sizeless;
}

/** A length in px, rounded, at least 1; undefined for one in another unit. */
function lengthOf(text: string | undefined): number | undefined {
  const found = /^\s*(\d{1,6}(?:\.\d+)?)(?:px)?\s*$/i.exec(text ?? '');
  return found ? Math.max(1, Math.round(Number(found[1]))) : undefined;
}

function truncated(): ImageError {
  return new ImageError('bad-response', 'the drawing is truncated: it ends before its last element', {
    details: { problem: 'truncated' },
    hint: 'Ask for the picture again.',
  });
}

function unsafe(what: string): ImageError {
  return new ImageError(
    'bad-response',
    `the SVG holds ${what.slice(0, 80)}: it could run a program or load something`,
    {
      details: { problem: 'unsafe' },
      hint: 'Ask for it again, or for a picture in pixels.',
    },
  );
}
