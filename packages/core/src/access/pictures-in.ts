// Where the pictures of an answer are, whatever form it has: one reader for all services, relays and servers.

import { isRecord } from '../contract/objects.ts';
import type { PictureSource } from '../contract/provider.ts';
import type { Messages } from '../http/body/loose.ts';
import { beginsAsPicture } from '../http/body/picture-head.ts';

/** A picture, and what stood beside it. */
export type FoundPicture = PictureSource & { readonly revisedPrompt?: string };

/** Beyond these an answer is looked at no further: it is none of a service. */
const deepest = 40;
const mostValues = 100_000;

/**
 * Where a text says that a picture is, in a place where there is one: a URL (absolute, or `//host/…`, `/…` or `….png`, which are
 * relative to the service), a `data:` URL or base64; with spaces, quotes, angle brackets, Markdown or HTML around it.
 */
export function sourceIn(text: string): PictureSource {
  const said = unwrapped(text);
  return isAddress(said) ? { url: said } : { base64: said };
}

/** The picture of an entry of a list: a text, bytes, or an object that holds either; undefined if there is none. */
export function pictureOf(entry: unknown): FoundPicture | undefined {
  if (entry instanceof Uint8Array) return { base64: entry };
  if (typeof entry === 'string') return entry.trim() ? sourceIn(entry) : undefined;
  if (!isRecord(entry)) return undefined;
  return picturesIn([entry])[0];
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

  look(body: unknown): void {
    for (const message of isMessages(body) ? body.messages : [body]) {
      this.#look(message, { names: [] });
      if (isRecord(message)) this.#tellsError ||= isSaid(message.error) || isSaid(message.errors);
    }
  }

  found(): readonly FoundPicture[] {
    const lists = [...this.#byList].sort(([one], [other]) => rankOf(one) - rankOf(other));
    const [best] = lists;
    if (best) return distinct(best[1]);
    if (this.#tellsError) return [];
    const texts = [...this.#texts.values()].map((pieces) => pieces.join(''));
    return distinct(texts.flatMap(picturesInText));
  }

  #look(value: unknown, place: Place): void {
    this.#values += 1;
    if (place.names.length > deepest || this.#values > mostValues) return;
    if (isRecord(value) && !(value instanceof Uint8Array)) {
      if (!isDraft(value)) this.#lookInto(value, place);
    } else if (Array.isArray(value)) {
      const list = place.list ?? place.names.at(-1) ?? '';
      for (const item of value) this.#look(item, { ...place, list });
    } else if (isScalar(value)) {
      const source = inPlace(value, place.names.at(-1) ?? '');
      if (source) this.#take(source, place);
      else this.#read(value, place);
    }
  }

  /** An object is one picture, in however many ways it says so. What it holds deeper down is looked at unless it is one of a list. */
  #lookInto(value: Readonly<Record<string, unknown>>, place: Place): void {
    const within = typeof value.index === 'number' ? [...place.names, String(value.index)] : place.names;
    const results = Object.entries(value).filter(([name]) => !noResult.test(plain(name)));
    const sources: PictureSource[] = [];
    const texts: [name: string, text: string | Uint8Array][] = [];
    for (const [name, one] of results) {
      if (!isScalar(one)) continue;
      const source = inPlace(one, name);
      if (source) sources.push(source);
      else texts.push([name, one]);
    }
    // Bytes that are here are better than a URL, if they are a picture's.
    const source = sources.find(isPictureText) ?? sources.find((one) => 'url' in one) ?? sources[0];
    if (source) {
      const said = value.revised_prompt ?? value.revisedPrompt ?? value.actual_prompt;
      this.#take(typeof said === 'string' && said ? { ...source, revisedPrompt: said } : source, place);
      if (place.list !== undefined) return;
    }
    for (const [name, text] of texts) this.#read(text, { ...place, names: [...within, name] });
    for (const [name, one] of results) if (!isScalar(one)) this.#look(one, { ...place, names: [...within, name] });
  }

  #take(picture: FoundPicture, { list = '' }: Place): void {
    const known = this.#byList.get(list) ?? [];
    known.push(picture);
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

function rankOf(list: string): number {
  const rank = lists.indexOf(plain(list));
  if (rank >= 0) return rank;
  return list === '' ? lists.length : lists.length + 1;
}

/** Names of values that are no result: what was asked, what goes before the picture, and what is said about it. */
const noResult =
  /^(inputs?|requests?|inputimages?|prompts?|negativeprompt|revisedprompt|actualprompt|mask.*|reference.*|init.*|sourceimage.*|thumb.*|preview.*|errors?|usage|headers|logs?|metrics|avatar.*|icon.*|logo.*|docs?|documentation.*|help.*|webhook.*|tools?|thought.*|reasoning.*|signature|model|id|object)$/;
const bytesNames = /^(image|img)?(b64|base64)(json|image|encoded|data)?$|^(image)?bytes(base64encoded)?$|^imagebase64$/;
const addressNames =
  /^(|urls?|uris?|src|href|link|image|images|imgs?|pictures?|photos?|sample|outputs?|results?|data|files?|artifacts|content)$|(image|img|picture|photo|file|result|output|download|media|asset|cdn|public|signed)(urls?|uris?|links?|paths?)$/;

/** A picture that stands by itself under a name. */
function inPlace(value: string | Uint8Array, name: string): PictureSource | undefined {
  const called = plain(name);
  if (value instanceof Uint8Array) {
    const isNamed = bytesNames.test(called) || (addressNames.test(called) && called !== 'content');
    return beginsAsPicture(value) || isNamed ? { base64: value } : undefined;
  }
  const said = unwrapped(value);
  if (isDataPicture(said) || beginsAsPicture(headOf(said))) return { base64: said };
  if (/\s/.test(said) || said === '') return undefined;
  if (bytesNames.test(called)) return sourceIn(said);
  if (!addressNames.test(called)) return undefined;
  if (/^data:image\//i.test(said)) return { base64: said }; // a drawing
  if (!isAddress(said)) return undefined;
  // A word for people may begin with a slash, too.
  return called !== 'content' || isAbsolute.test(said) || isPictureFile.test(said) ? { url: said } : undefined;
}

const isAbsolute = /^https?:\/\//i;
const isPictureFile = /^[^\s?#"'<>{}[\]]+\.(png|jpe?g|webp|gif|avif)([?#][^\s"'<>{}[\]]*)?$/i;
const isPath = /^\/{1,2}[^\s/"'<>{}[\]][^\s"'<>{}[\]]*$/;

/** Whether a text is an address and no base64, which may begin with a slash, too. */
function isAddress(said: string): boolean {
  if (isAbsolute.test(said)) return true;
  if (said.length > 8192 || isDataPicture(said) || beginsAsPicture(headOf(said))) return false;
  return isPath.test(said) || isPictureFile.test(said);
}

function isDataPicture(said: string): boolean {
  return /^data:image\/(?!svg)/i.test(said);
}

function headOf(base64: string): Uint8Array {
  return Buffer.from(base64.slice(0, 64).replace(/\s/g, ''), 'base64');
}

/** A text without what people and models put around an address. */
function unwrapped(text: string): string {
  const said = text.trim();
  const marked = said.length < 16 * 2 ** 20 && /[[<]/.test(said.slice(0, 200)) ? marksIn(said)[0] : undefined;
  return marked ?? said.replace(/^[`"'<\s]+|[`"'>\s]+$/g, '');
}

const markedPicture =
  /!\[[^\]]{0,500}\]\(\s*<?([^)\s>]+)>?[^)]{0,500}\)|<img\b[^>]{0,500}?\bsrc\s*=\s*["']?([^"'\s>]+)/gi;
/** A link that says that it leads to a picture. */
const markedLink =
  /\[[^[\]]{0,100}(?:image|picture|photo|download|view|open|here|图|画|下载)[^[\]]{0,100}\]\(\s*<?([^)\s>]+)/gi;
const dataPicture = /data:image\/(?!svg)[\w.+-]+;base64,[\w+/=-]+/gi;
const pictureAddress = /https?:\/\/[^\s"'`<>()[\]]+?\.(?:png|jpe?g|webp|gif|avif)(?:\?[^\s"'`<>()[\]]*)?(?![\w.-])/gi;

function marksIn(text: string): string[] {
  return [...text.matchAll(markedPicture)].map(([, marked, tagged]) => marked ?? tagged ?? '');
}

/** What a text for people says of pictures: the surest form that occurs in it. */
function picturesInText(text: string): PictureSource[] {
  const forms = [
    () => marksIn(text),
    () => text.match(dataPicture) ?? [],
    () => text.match(pictureAddress) ?? [],
    () => [...text.matchAll(markedLink)].map(([, address]) => address!),
  ];
  for (const form of forms) {
    const sources = form().map(sourceIn);
    const pictures = sources.filter((source) => 'url' in source || isPictureText(source));
    if (pictures.length > 0) return pictures;
  }
  return [];
}

function isPictureText(source: PictureSource): boolean {
  if (!('base64' in source)) return false;
  if (typeof source.base64 !== 'string') return true;
  return isDataPicture(source.base64) || beginsAsPicture(headOf(source.base64));
}

/** A text that is JSON, perhaps in a fence. */
function jsonIn(text: string): unknown {
  const json = /^\s*(?:```\w*\s*)?([[{].*[\]}])\s*(?:```)?\s*$/s.exec(text)?.[1];
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** A picture on its way to the one that was asked for. */
function isDraft(value: Readonly<Record<string, unknown>>): boolean {
  const { type, thought } = value;
  return thought === true || 'partial_image_index' in value || (typeof type === 'string' && /partial/i.test(type));
}

function isMessages(body: unknown): body is Messages {
  return isRecord(body) && Object.keys(body).length === 1 && Array.isArray(body.messages);
}

function isScalar(value: unknown): value is string | Uint8Array {
  return typeof value === 'string' || value instanceof Uint8Array;
}

function isSaid(error: unknown): boolean {
  return typeof error === 'object' && error !== null ? Object.keys(error).length > 0 : !!error;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Each once: a service may say the same picture in several places. */
function distinct(pictures: readonly FoundPicture[]): readonly FoundPicture[] {
  return pictures.filter((picture, index) => !pictures.slice(0, index).some((other) => isSame(picture, other)));
}

function isSame(one: PictureSource, other: PictureSource): boolean {
  if ('url' in one || 'url' in other) return 'url' in one && 'url' in other && one.url === other.url;
  if (!('base64' in one) || !('base64' in other)) return false;
  if (typeof one.base64 === 'string' || typeof other.base64 === 'string') return one.base64 === other.base64;
  return Buffer.compare(one.base64, other.base64) === 0;
}
