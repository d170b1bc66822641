// Input pictures as they are given: paths with quotation marks, data: URIs with spaces or without their beginning, pictures of earlier answers.

import { isBase64Picture, isRecord } from '@anyimage/core';
import { expandHome } from '../files/home.ts';
import { unquoted } from './loose-value.ts';
import { refuseWord } from './refuse-word.ts';

/** Where an object that stands for a picture says which one: its own file first. */
const places = [
  'path',
  'uri',
  'url',
  'image_url',
  'imageUrl',
  'file',
  'id',
  'data',
  'base64',
  'b64_json',
  'image',
] as const;

/** A path, name, URL, `data:` URI or base64 that core, or the app, can read. Throws `invalid-request` for what names no picture. */
export function readPicture(word: string, given: unknown): string {
  const text = textIn(given, 4);
  if (text === undefined) {
    const shape = word === 'mask' ? ' Or the area as a shape: "rect 0,0,100%,40%".' : '';
    const hint = `Give ${word} as texts: a path, a file name from an answer, last, or an https or data: URL.${shape}`;
    throw refuseWord(word, 'name a picture', given, hint);
  }
  return plainPicture(text);
}

function textIn(given: unknown, levels: number): string | undefined {
  if (typeof given === 'string') return given;
  if (!isRecord(given) || levels === 0) return undefined;
  const place = places.find((one) => Object.hasOwn(given, one) && given[one] !== undefined);
  const text = place === undefined ? undefined : textIn(given[place], levels - 1);
  const type = given.mimeType ?? given.mediaType ?? given.media_type;
  const isBare = place === 'data' && text !== undefined && !/^\s*data:/i.test(text);
  return isBare && typeof type === 'string' ? `data:${type};base64,${text}` : text;
}

function plainPicture(given: string): string {
  // A path may begin or end with a space; one in quotation marks was copied.
  const isCopied = /^\s*["'`“‘<]|^[\r\n]|[\r\n]$/.test(given);
  const text = isCopied ? unquoted(given) : given;
  const uri = /^\s*(?:data\s*:)?\s*([\w.+-]+\/[\w.+-]+)?\s*(?:;\s*[\w=.-]+?\s*)*;\s*base64\s*,\s*/i.exec(
    text.slice(0, 200),
  );
  if (uri && (uri[1] || /^\s*data/i.test(text))) {
    return `data:${uri[1] ?? 'image/png'};base64,${text.slice(uri[0].length).replace(/\s+/g, '')}`;
  }
  if (isBase64Picture(text)) return text.replace(/\s+/g, '');
  return expandHome(text);
}
