// What a single value says of pictures: a text, by itself or under a name, bytes, or numbers.

import { isRecord } from '../contract/objects.ts';
import type { PictureSource } from '../contract/provider.ts';
import { beginsAsPicture } from '../http/body/picture-head.ts';

/**
 * Where a text says that a picture is, in a place where there is one: a URL (absolute, or `//host/…`, `/…` or `….png`, which are
 * relative to the service), a `data:` URL or base64; with spaces, quotes, angle brackets, Markdown or HTML around it.
 */
export function sourceIn(text: string): PictureSource {
  const [said = ''] = markedOrBare(text);
  return isAddress(said) ? { url: address(said) } : { base64: said };
}

const bytesNames = /^(image|img)?(b64|base64)(json|image|encoded|data)?$|^(image)?bytes(base64encoded)?$|^imagebase64$/;
const addressNames =
  /^(|urls?|uris?|src|href|link|image|images|imgs?|pictures?|photos?|sample|outputs?|results?|data|files?|artifacts|content)$|(image|img|picture|photo|file|result|output|download|media|asset|cdn|public|signed)(urls?|uris?|links?|paths?)$/;

/** The pictures that a value under a name stands for: one, or several that are marked in a text. */
export function inPlace(value: string | Uint8Array, name: string): PictureSource[] {
  const called = plain(name);
  if (value instanceof Uint8Array) {
    const isNamed = bytesNames.test(called) || (addressNames.test(called) && called !== 'content');
    return beginsAsPicture(value) || isNamed ? [{ base64: value }] : [];
  }
  return markedOrBare(value).flatMap((said) => sourceNamed(said, called) ?? []);
}

function sourceNamed(said: string, called: string): PictureSource | undefined {
  if (isDataPicture(said) || beginsAsPicture(headOf(said))) return { base64: said };
  const isOneWord = !/\s/.test(said) || (strictNames.test(called) && isAddressWithSpaces.test(said));
  if (said === '' || !isOneWord) return undefined;
  if (bytesNames.test(called)) return sourceIn(said);
  if (!addressNames.test(called)) return undefined;
  if (/^data:image\//i.test(said)) return { base64: said }; // a drawing
  if (!isAddress(said)) return undefined;
  // A word for people may begin with a slash, too.
  const isWord = called === 'content' && !isAbsolute.test(said) && !isPictureFile.test(said);
  return isWord ? undefined : { url: address(said) };
}

const isAbsolute = /^https?:\/\//i;
const isPictureFile = /^[^\s?#"'<>{}[\]]+\.(png|jpe?g|webp|gif|avif)([?#][^\s"'<>{}[\]]*)?$/i;
const isPath = /^\/{1,2}[^\s/"'<>{}[\]][^\s"'<>{}[\]]*$/;
/** A host and a path, where a scheme was left out: a name with a dot, or anything with a port. */
const isHost = /^(?:(?:[\w-]+\.)+[a-z]{2,}|(?:[a-z][\w-]*|[\w-]+(?:\.[\w-]+)+):\d{2,5})\/[^\s"'<>{}[\]]*$/i;
/** Names of values that are an address and nothing else. */
const strictNames = /(url|uri|link|href|src)s?$/;
/** Of a file that is named like the prompt. */
const isAddressWithSpaces = /^https?:\/\/[^\s/]+\/(?:(?!:\/\/)[^\n\r\t"<>])*$/i;

/** No answer has more. */
export const mostPictures = 1000;

/** Whether a text is an address and no base64, which may begin with a slash, too. */
function isAddress(said: string): boolean {
  if (isAbsolute.test(said)) return true;
  if (said.length > 8192 || isDataPicture(said) || beginsAsPicture(headOf(said))) return false;
  return isPath.test(said) || isPictureFile.test(said) || isHost.test(said);
}

/** The address as it can be fetched: relative to the service where its scheme, or more, was left out; without the marks of HTML. */
function address(said: string): string {
  const plainly = said.replaceAll('&amp;', '&');
  return isHost.test(said) && !isAbsolute.test(said) ? `//${plainly}` : plainly;
}

function isDataPicture(said: string): boolean {
  return /^data:image\/(?!svg)/i.test(said);
}

function headOf(base64: string): Uint8Array {
  return Buffer.from(base64.slice(0, 64).replace(/\s/g, ''), 'base64');
}

/** A text without what people, models and programs put around an address or base64; what is marked in it, if it is short of words. */
function markedOrBare(text: string): string[] {
  const said = text.trim();
  const marked = said.length < 16 * 2 ** 20 && /[[<]/.test(said.slice(0, 200)) ? marksIn(said) : [];
  if (marked.length > 0) return marked;
  // Python prints bytes as b'…'.
  const bare = said.replace(/^b(?=["'])/, '').replace(/^[`"'<\s]+|(?<![`"'>\s])[`"'>\s]+$/g, '');
  return isAbsolute.test(bare) ? bare.split(/(?<!\s)\s*[,;|]\s*(?=https?:\/\/)/i) : [bare];
}

/**
 * Of a text of beginnings each is read once, and not to the end: no part of a mark goes on past the beginning of another one, and an address
 * has no more than so many characters, unless it is a picture itself.
 */
const markedPicture =
  /!\[[^[\]]{0,500}\]\(\s*<?((?:(?!\]\()[^)\s>])+)>?(?:\s[^()]{0,500})?\)|<img\b[^<>]{0,500}?\bsrc\s*=\s*["']?([^"'\s>]+)/gi;
/** A link that says that it leads to a picture. */
const markedLink =
  /\[[^[\]]{0,100}(?:image|picture|photo|download|view|open|here|图|画|下载)[^[\]]{0,100}\]\(\s*<?([^)\s>]+)/gi;
const dataPicture = /data:image\/(?!svg)[\w.+-]+;base64,[\w+/=-]+/gi;
const pictureAddress =
  /https?:\/\/[^\s"'`<>()[\]]{1,2000}?\.(?:png|jpe?g|webp|gif|avif)(?:\?[^\s"'`<>()[\]]*)?(?![\w.-])/gi;
/** Addresses stand in less of a text, characters. */
const longestWords = 2 ** 20;

function marksIn(text: string): string[] {
  return allOf(text, markedPicture).map(([, marked, tagged]) => marked ?? tagged ?? '');
}

/** What a text for people says of pictures: the surest form that occurs in it. `aside`: it speaks of other things, too. */
export function picturesInText(text: string, aside: boolean): PictureSource[] {
  const isBare = /^\s*https?:\S+\s*$/i.test(text);
  const words = text.slice(0, longestWords);
  const forms = [
    () => marksIn(text),
    () => allOf(text, dataPicture).map(([found]) => found),
    () => (aside && !isBare ? [] : allOf(words, pictureAddress).map(([found]) => found)),
    () => (aside ? [] : allOf(words, markedLink).map(([, linked]) => linked!)),
  ];
  for (const form of forms) {
    const sources = form().map(sourceIn);
    const pictures = sources.filter((source) => 'url' in source || isPictureText(source));
    if (pictures.length > 0) return pictures;
  }
  return [];
}

/** All that has a form, but no more than an answer has. */
function allOf(text: string, form: RegExp): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  for (const one of text.matchAll(form)) {
    found.push(one);
    if (found.length === mostPictures) break;
  }
  return found;
}

/** Whether it is base64 of a picture, as far as its beginning tells. */
export function isPictureText(source: PictureSource): boolean {
  if (!('base64' in source)) return false;
  if (typeof source.base64 !== 'string') return true;
  return isDataPicture(source.base64) || beginsAsPicture(headOf(source.base64));
}

/** A picture whose bytes are written as numbers: a list, or as Node writes a `Buffer` or a `Uint8Array` as JSON. */
export function pictureInNumbers(value: unknown): Uint8Array | undefined {
  if (!isRecord(value) && !Array.isArray(value)) return undefined;
  const held: unknown = 'type' in value && value.type === 'Buffer' && 'data' in value ? value.data : value;
  if (typeof held !== 'object' || held === null || held instanceof Uint8Array || !('0' in held)) return undefined;
  if (typeof held[0] !== 'number') return undefined;
  const numbers = Object.values(held);
  return beginsAsPicture(Uint8Array.from(numbers.slice(0, 12))) ? Uint8Array.from(numbers) : undefined;
}

/** A name without what distinguishes its spellings. */
export function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
