// Where the pictures of an answer are, whatever form it has: one reader for all services, relays and servers.

import { isRecord } from '../contract/objects.ts';
import type { PictureSource } from '../contract/provider.ts';
import { isMessages } from '../http/body/loose.ts';
import { isSaid } from './complaint.ts';
import {
  inPlace,
  isPictureText,
  mostPictures,
  pictureInNumbers,
  picturesInText,
  plain,
  sourceIn,
} from './picture-source.ts';

/** A picture, and what stood beside it. */
export type FoundPicture = PictureSource & { readonly revisedPrompt?: string };

/** Beyond these an answer is looked at no further: it is none of a service. */
const deepest = 40;
const mostValues = 100_000;

/** The pictures of an entry of a list: a text, bytes, or an object that holds either. Mostly one. */
export function picturesInEntry(entry: unknown): readonly FoundPicture[] {
  if (entry instanceof Uint8Array) return [{ base64: entry }];
  if (typeof entry === 'string') return entry.trim() ? [sourceIn(entry)] : [];
  return isRecord(entry) ? picturesIn([entry]) : [];
}

/** Whether an entry of a list holds a picture. */
export function holdsPicture(entry: unknown): boolean {
  return picturesInEntry(entry).length > 0;
}

/**
 * The pictures of an answer that is parsed, in their order and each once. Pictures in places made for them come first; only where
 * there is none are texts searched for Markdown, `data:` URLs and URLs of pictures. What is not a result is passed over: what was
 * asked, previews, drafts, errors.
 */
export function picturesIn(body: unknown): readonly FoundPicture[] {
  const search = new Search();
  search.look(body);
  return search.found();
}

interface Place {
  /** The names on the way to the value, those of lists too; the last is its own. */
  readonly names: readonly string[];
  /** The outermost list that it stands in. */
  readonly list?: string;
}

class Search {
  readonly #byList = new Map<string, FoundPicture[]>();
  /** Texts by where they stand: those of one place in several messages are pieces of one text. */
  readonly #texts = new Map<string, string[]>();
  #values = 0;
  #tellsError = false;
  #isEmptyHanded = false;

  look(body: unknown): void {
    for (const message of isMessages(body) ? body.messages : [body]) {
      this.#look(message, { names: [] });
      if (!isRecord(message)) continue;
      this.#tellsError ||= isSaid(message.error) || isSaid(message.errors);
      this.#isEmptyHanded ||= Object.entries(message).some(([name, list]) => isList(name) && isNone(list));
    }
  }

  found(): readonly FoundPicture[] {
    const lists = [...this.#byList].sort(([one], [other]) => rankOf(one) - rankOf(other));
    const [best] = lists;
    if (best) return distinct(best[1]);
    if (this.#tellsError) return [];
    const texts = [...this.#texts].map(([where, pieces]) => [where, pieces.join('')] as const);
    return distinct(texts.flatMap(([where, text]) => picturesInText(text, this.#isEmptyHanded && isAside.test(where))));
  }

  #look(said: unknown, place: Place): void {
    this.#values += 1;
    if (place.names.length > deepest || this.#values > mostValues) return;
    const value = pictureInNumbers(said) ?? said;
    if (isRecord(value) && !(value instanceof Uint8Array)) {
      if (!isDraft(value)) this.#lookInto(value, place);
    } else if (Array.isArray(value)) {
      const list = place.list ?? place.names.at(-1) ?? '';
      for (const item of value) this.#look(item, { ...place, list });
    } else if (isScalar(value)) {
      const sources = inPlace(value, place.names.at(-1) ?? '');
      for (const source of sources) this.#take(source, place);
      if (sources.length === 0) this.#read(value, place);
    }
  }

  /** An object is one picture, in however many ways it says so. What it holds deeper down is looked at unless it is one of a list. */
  #lookInto(value: Readonly<Record<string, unknown>>, place: Place): void {
    const within = typeof value.index === 'number' ? [...place.names, String(value.index)] : place.names;
    const results = Object.entries(value).filter(([name]) => !noResult.test(plain(name)));
    const ways: PictureSource[][] = [];
    const texts: [name: string, text: string | Uint8Array][] = [];
    for (const [name, one] of results) {
      if (!isScalar(one)) continue;
      const sources = inPlace(one, name);
      if (sources.length > 0) ways.push(sources);
      else texts.push([name, one]);
    }
    // Bytes that are here are better than a URL, if they are a picture's, and a whole URL than a part of one.
    const way = [isPictureText, isWholeURL, isURL, () => true]
      .map((isGood) => ways.find((one) => one.some(isGood)))
      .find((one) => one !== undefined);
    if (way) {
      const said = value.revised_prompt ?? value.revisedPrompt ?? value.actual_prompt;
      const beside = typeof said === 'string' && said ? { revisedPrompt: said } : {};
      for (const source of way) this.#take({ ...source, ...beside }, place);
      if (place.list !== undefined) return;
    }
    for (const [name, text] of texts) this.#read(text, { ...place, names: [...within, name] });
    for (const [name, one] of results) if (!isScalar(one)) this.#look(one, { ...place, names: [...within, name] });
  }

  #take(picture: FoundPicture, { list = '' }: Place): void {
    const known = this.#byList.get(list) ?? [];
    if (known.length < mostPictures) known.push(picture);
    this.#byList.set(list, known);
  }

  /** A text that is no picture by itself may hold one, or be JSON that does. */
  #read(text: string | Uint8Array, place: Place): void {
    if (typeof text !== 'string') return;
    const json = jsonIn(text);
    if (json !== undefined) {
      this.#look(json, { ...place, names: [...place.names, ''] });
      return;
    }
    const where = place.names.join('.');
    const known = this.#texts.get(where) ?? [];
    known.push(text);
    this.#texts.set(where, known);
  }
}

/** Lists in which services give their pictures, the surest first. */
const lists = [
  'data',
  'images',
  'imageresult',
  'results',
  'predictions',
  'candidates',
  'choices',
  'output',
  'outputs',
  'artifacts',
];

function isList(name: string): boolean {
  return lists.includes(plain(name));
}

function rankOf(list: string): number {
  const rank = lists.indexOf(plain(list));
  if (rank >= 0) return rank;
  return list === '' ? lists.length : lists.length + 1;
}

/** Names of values that are no result: what was asked, what goes before the picture, and what is said about it. */
const noResult =
  /^(inputs?|requests?|inputimages?|prompts?|negativeprompt|revisedprompt|actualprompt|mask.*|reference.*|init.*|sourceimage.*|thumb.*|preview.*|current.*|progress.*|intermediate.*|partial.*|errors?|usage|headers|logs?|metrics|avatar.*|icon.*|logo.*|qr.*|docs?|documentation.*|help.*|webhook.*|tools?|thought.*|reasoning.*|signature|model|id|object)$/;
/** Names of texts that speak to a person: beside a list without pictures, an address in their words is none of a picture that was made. */
const isAside = /(?:^|\.)(?:message|msg|details?|description|notice|tips?|hint|info|note)$/i;
/** A text that is JSON, perhaps in a fence. */
function jsonIn(text: string): unknown {
  const json = /^(?:```\w*\s*)?([[{].*[\]}])\s*(?:```)?$/s.exec(text.trim())?.[1];
  if (json === undefined || isExcessive(json)) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Whether it is so many objects and lists that they would take several times the memory of their text. */
function isExcessive(json: string): boolean {
  let count = 0;
  for (let at = 0; at < json.length && count <= mostValues; at++) if (json[at] === '[' || json[at] === '{') count += 1;
  return count > mostValues;
}

/** A picture on its way to the one that was asked for. Ark's `partial_succeeded` is one of several that is done. */
function isDraft(value: Readonly<Record<string, unknown>>): boolean {
  const { type, thought } = value;
  const isPartial = typeof type === 'string' && /partial(?!_succeeded)/i.test(type);
  return thought === true || 'partial_image_index' in value || isPartial;
}

function isURL(source: PictureSource): boolean {
  return 'url' in source;
}

function isWholeURL(source: PictureSource): boolean {
  return 'url' in source && /^https?:/i.test(source.url);
}

function isScalar(value: unknown): value is string | Uint8Array {
  return typeof value === 'string' || value instanceof Uint8Array;
}

function isNone(list: unknown): boolean {
  return list === null || (Array.isArray(list) && list.length === 0);
}

/** Each once: a service may say the same picture in several places. */
function distinct(pictures: readonly FoundPicture[]): readonly FoundPicture[] {
  const texts = new Set<string>();
  const bytes: Uint8Array[] = [];
  const isNew = (picture: PictureSource) => {
    const said = 'url' in picture ? picture.url : 'base64' in picture ? picture.base64 : undefined;
    if (said === undefined) return true;
    const isKnown = typeof said === 'string' ? texts.has(said) : bytes.some((one) => Buffer.compare(one, said) === 0);
    if (typeof said === 'string') texts.add(said);
    else bytes.push(said);
    return !isKnown;
  };
  return pictures.filter(isNew).slice(0, mostPictures);
}
