// SVG: a drawing, not a picture. It is text that can hold programs and load files, so it is read whole and to the letter, and only
// where a drawing was asked for. What is not known to be harmless is refused. The rules are those of XML 1.0, SVG 2 and CSS.

import { ImageError } from '../contract/errors.ts';
import { notPicture } from './not-picture.ts';
import { damaged } from './walk.ts';

/** What an output is declared as to be taken as a drawing. */
export const drawingType = 'image/svg+xml';

/** Longest drawing, bytes: it is kept in memory until it is whole. */
export const longestDrawing = 16 * 2 ** 20;

/** The size that a viewer gives a drawing without one, px (CSS 2.2, replaced elements). */
const sizeless = { width: 300, height: 150 };

const svg = 'http://www.w3.org/2000/svg';
/** What else may be named: links, and what editors write about a drawing, which no viewer shows. */
const harmless: ReadonlySet<string> = new Set([
  svg,
  'http://www.w3.org/1999/xlink',
  'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  'http://purl.org/dc/elements/1.1/',
  'http://purl.org/dc/terms/',
  'http://creativecommons.org/ns#',
  'http://web.resource.org/cc/',
  'http://www.inkscape.org/namespaces/inkscape',
  'http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd',
  'http://www.bohemiancoding.com/sketch/ns',
  'http://www.serif.com/',
]);

/** Elements that only draw; in lower case. */
const elements: ReadonlySet<string> = new Set(
  (
    'svg g defs symbol use switch view title desc metadata style a path rect circle ellipse line polyline polygon text tspan textpath ' +
    'image marker mask clippath pattern lineargradient radialgradient stop hatch hatchpath mesh meshgradient meshpatch meshrow filter ' +
    'feblend fecolormatrix fecomponenttransfer fecomposite feconvolvematrix fediffuselighting fedisplacementmap fedistantlight ' +
    'fedropshadow feflood fefunca fefuncb fefuncg fefuncr fegaussianblur feimage femerge femergenode femorphology feoffset ' +
    'fepointlight fespecularlighting fespotlight fetile feturbulence animate animatetransform animatemotion mpath set'
  ).split(' '),
);

const misc = /<!--[\s\S]*?-->|<!DOCTYPE[^[<>]*>|<\?([\w.:-]+)([\s\S]*?)\?>/iy;
const cdata = /<!\[CDATA\[([\s\S]*?)\]\]>/y;
const closingTag = /<\/([^\s<>/]+)\s*>/y;
const tagName = /<([^\s<>/!?="']+)/y;
const attribute = /\s+([^\s<>/="']+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const tagEnd = /\s*(\/?)>/y;

/**
 * Reads a whole drawing and returns its size, px. Throws `bad-response`, whose `details.problem` is `not-a-picture`, `truncated`,
 * `damaged`, or `unsafe` for one that could run a program or load something.
 */
export function checkSVG(bytes: Uint8Array): { width: number; height: number } {
  return new Reader(decode(bytes)).read();
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw damaged('an SVG that is not UTF-8');
  }
}

class Reader {
  readonly #text: string;
  /** Names of open elements, outermost first. */
  readonly #open: string[] = [];
  /** Prefix -> namespace; one meaning each, `''` for names without a prefix. */
  readonly #namespaces = new Map<string, string>([['', svg]]);
  #at = 0;
  /** The text of a style sheet, which may come in pieces. */
  #css = '';
  #size: { width: number; height: number } | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  read(): { width: number; height: number } {
    while (this.#at < this.#text.length) {
      const start = this.#text.indexOf('<', this.#at);
      this.#takeText(this.#text.slice(this.#at, start < 0 ? undefined : start));
      if (start < 0) break;
      this.#at = start;
      this.#takeMarkup();
    }
    if (this.#open.length > 0) throw truncated();
    if (!this.#size) throw notPicture('an XML document without a drawing');
    return this.#size;
  }

  #takeText(text: string, decoded = withoutEntities(text)): void {
    if (this.#open.length === 0 && text.trim()) throw damaged('an SVG with text outside its root');
    if (local(this.#open.at(-1) ?? '') === 'style') this.#css += decoded;
  }

  #takeMarkup(): void {
    const other = this.#match(misc);
    const data = other ? undefined : this.#match(cdata);
    const closing = other || data ? undefined : this.#match(closingTag);
    if (other) checkInstruction(other[1], other[2]);
    else if (data) this.#takeText(data[1]!, data[1]!);
    else if (closing) this.#close(closing[1]!);
    else this.#takeTag();
  }

  #takeTag(): void {
    const opening = this.#match(tagName);
    if (!opening) throw this.#broken();
    const attributes = new Map<string, string>();
    for (let found = this.#match(attribute); found; found = this.#match(attribute)) {
      if (attributes.has(found[1]!)) throw damaged('an SVG with an attribute twice');
      attributes.set(found[1]!, withoutEntities(found[2] ?? found[3] ?? ''));
    }
    const end = this.#match(tagEnd);
    if (!end) throw this.#broken();
    this.#openElement(opening[1]!, attributes);
    if (end[1]) this.#close(opening[1]!);
  }

  #openElement(name: string, attributes: ReadonlyMap<string, string>): void {
    for (const [key, value] of attributes) this.#bind(key, value);
    const namespace = this.#namespaces.get(prefixOf(name));
    if (namespace === undefined) throw damaged('an SVG with a prefix that stands for nothing');
    const element = local(name);
    if (this.#open.length === 0) {
      if (this.#size) throw damaged('an SVG with two roots');
      if (element !== 'svg' || namespace !== svg) throw notPicture('an XML or HTML document');
      this.#size = sizeOf(attributes);
    }
    this.#open.push(name);
    if (namespace !== svg) return;
    if (!elements.has(element)) throw unsafe(`the element ${name}`);
    for (const [key, value] of attributes) checkAttribute(element, key, value);
  }

  /** Learns what a prefix stands for. A second meaning is nothing that a drawing needs. */
  #bind(key: string, value: string): void {
    if (key !== 'xmlns' && !key.startsWith('xmlns:')) return;
    const prefix = key.slice('xmlns:'.length);
    const known = this.#namespaces.get(prefix);
    if (!harmless.has(value) || (known !== undefined && known !== value)) throw unsafe(`the namespace ${value}`);
    this.#namespaces.set(prefix, value);
  }

  #close(name: string): void {
    if (this.#open.pop() !== name) throw damaged('an SVG whose elements do not nest');
    if (local(name) !== 'style') return;
    checkCSS(this.#css);
    this.#css = '';
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found ?? undefined;
  }

  #broken(): ImageError {
    if (/^<!(?:DOCTYPE|ENTITY)/i.test(this.#text.slice(this.#at, this.#at + 20))) {
      return this.#text.includes('>', this.#at) ? unsafe('a document type that defines something') : truncated();
    }
    const isLast = this.#text.indexOf('<', this.#at + 1) < 0;
    return isLast && this.#open.length > 0 ? truncated() : damaged('an SVG with broken markup');
  }
}

/** `<?xml …?>` may only say what is so; style sheets are named by an instruction, too. */
function checkInstruction(target: string | undefined, content = ''): void {
  if (target === undefined || !/^xml/i.test(target)) return;
  const encoding = /encoding\s*=\s*["']([^"']*)/i.exec(content)?.[1] ?? 'utf-8';
  if (target !== 'xml' || encoding.toLowerCase() !== 'utf-8') throw unsafe(`<?${target}${content}`);
}

function checkAttribute(element: string, name: string, value: string): void {
  const [prefix, key] = [prefixOf(name), local(name)];
  if (prefix === 'xml' && key === 'base') throw unsafe(`the attribute ${name}`);
  if (prefix === '' && /^on/.test(key)) throw unsafe(`the attribute ${name}`);
  // An animation could put a program where a link was.
  if (key === 'attributename' && /href|src|^on/i.test(value)) throw unsafe(`an animation of ${value}`);
  if (key === 'href' || key === 'src') {
    const isLink = element === 'a' && /^https?:\/\//i.test(value);
    if (!isLink) checkReference(value);
  } else if (key !== 'xmlns' && prefix !== 'xmlns') {
    checkCSS(value);
  }
}

/** What is shown without being asked for may only be in the drawing itself. */
function checkReference(value: string): void {
  // Spaces and control characters count for nothing in a URL's scheme.
  const reference = value.replace(/[\0-\x20]/g, '');
  if (!/^(?:#|$|data:(?:image\/(?:png|jpeg|webp|gif)|font\/|application\/(?:x-)?font)[\w.+-]*[;,])/i.test(reference)) {
    throw unsafe(`a link to ${value}`);
  }
}

/** Style sheets, and attributes, which may hold the same functions. */
function checkCSS(css: string): void {
  if (!/[@(]/.test(css)) return;
  // Escapes could hide what follows; a drawing needs none.
  if (css.includes('\\')) throw unsafe('an escape in a style');
  const plain = css.replace(/@namespace[^;]*;/gi, '');
  const rule = /@(?!media\b|supports\b|font-face\b|keyframes\b|-webkit-keyframes\b|layer\b|property\b)[\w-]*/i.exec(
    plain,
  );
  // In an attribute, @ is a letter like any other unless it begins a rule.
  if (rule && /[{;]|import/i.test(plain)) throw unsafe(`the rule ${rule[0]}`);
  const loading = /(?<![\w-])(?:(?:-webkit-)?image-set|image|(?:-webkit-)?cross-fade|src|element|paint)\(/i.exec(plain);
  if (loading) throw unsafe(`the function ${loading[0]}…)`);
  for (const [, value = ''] of plain.matchAll(/url\(\s*["']?([^"')]*)/gi)) checkReference(value);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Throws `damaged` for an entity that only a document type could define. */
function withoutEntities(value: string): string {
  return value.replace(/&(?:#x([0-9a-f]+);|#(\d+);|(\w+);)?/gi, (whole, hex, decimal, name) => {
    if (name !== undefined && Object.hasOwn(entities, name)) return entities[name]!;
    const code = Number.parseInt(hex ?? decimal, hex ? 16 : 10);
    if (code <= 0x10ffff) return String.fromCodePoint(code);
    throw damaged(`an SVG with ${whole.slice(0, 20)}, which stands for nothing`);
  });
}

/** A name without its prefix, in lower case. */
function local(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase();
}

function prefixOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf(':')));
}

function sizeOf(root: ReadonlyMap<string, string>): { width: number; height: number } {
  const [width, height] = [lengthOf(root.get('width')), lengthOf(root.get('height'))];
  if (width && height) return { width, height };
  const [, , wide, high] = (root.get('viewBox') ?? '').trim().split(/[\s,]+/);
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
