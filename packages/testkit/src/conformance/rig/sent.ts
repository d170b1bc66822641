// What was in a request: the pictures wherever they stand, the words as the emulator understood them, and how both compare with what
// was asked.

import { isRecord, type ProviderCall } from '@anyimage/core';
import type { Exchange, Reply, Route, Understood, UnderstoodWord } from '../../emulator/definition.ts';
import type { EmulatorFactory } from '../../emulator/emulator.ts';
import type { Observed } from '../../emulator/service.ts';
import { isBase64, lookAt } from '../../picture/look-at.ts';

/** A word that an emulator can understand. */
export type Word = UnderstoodWord | 'mask' | 'options';

/** The words whose values a table lists. */
export const choices = ['quality', 'style', 'background', 'outputFormat'] as const;

/** An accepted request that costs money. */
export interface Accepted {
  readonly exchange: Exchange;
  readonly route: Route;
}

/** Those of all that was seen. */
export function acceptedOf(seen: readonly Observed[]): readonly Accepted[] {
  return seen.flatMap(({ exchange, route }) =>
    route?.spends && exchange.request.accepted ? [{ exchange, route }] : [],
  );
}

/** Whether the emulator says what it understood as a word, wherever it is asked. */
export function tells({ definition }: EmulatorFactory, word: Word): boolean {
  return definition.routes.some(({ spends, understood }) => spends && understood?.[word] !== undefined);
}

/** The options of which the emulator says what it understood. */
export function knownOptions({ definition }: EmulatorFactory): ReadonlySet<string> {
  const spending = definition.routes.filter(({ spends }) => spends);
  return new Set(spending.flatMap(({ understood }) => Object.keys(understood?.options ?? {})));
}

/** Where the route of a request finds a word. Throws, for the emulator's author, where it finds it nowhere. */
export function placeOf<W extends Word>({ method, path, understood }: Route, word: W): NonNullable<Understood[W]> {
  const place = understood?.[word];
  if (place !== undefined) return place as NonNullable<Understood[W]>;
  throw new Error(
    `the emulator's route ${method} ${path} does not say what it understands as ${word} (understood.${word})`,
  );
}

/** The pictures that a word of a request holds: bytes, or a URL of one that is elsewhere. */
export async function picturesAt(value: unknown): Promise<readonly (Uint8Array | string)[]> {
  const list: readonly unknown[] = value === undefined ? [] : [value].flat(2);
  return Promise.all(list.map(pictureIn));
}

/** All pictures in a body, in the order in which they stand there: files of a form, base64, `data:` URLs. */
export async function picturesIn({ body, form }: Exchange): Promise<readonly Uint8Array[]> {
  const values = form ? [...form].map(([, value]) => value) : leavesOf(body);
  const pictures = await Promise.all(values.map(pictureIn));
  return pictures.filter((picture): picture is Uint8Array => typeof picture !== 'string');
}

/** Pictures of a body that say what type they are of: files of a form, `data:` URLs. */
export async function labelsIn({ body, form }: Exchange): Promise<readonly { said: string; bytes: Uint8Array }[]> {
  const values = form ? [...form].map(([, value]) => value) : leavesOf(body);
  const labelled = values.map(async (value) => {
    const said = value instanceof Blob ? value.type : /^data:([^;,]+);base64,/.exec(String(value))?.[1];
    const bytes = said === undefined || said === '' ? undefined : await pictureIn(value);
    return said !== undefined && bytes instanceof Uint8Array ? [{ said, bytes }] : [];
  });
  return (await Promise.all(labelled)).flat();
}

/** Every value in a JSON body that is no object or list, or in a form that is no file. */
export function leavesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return isRecord(value) ? Object.values(value).flatMap(leavesOf) : [value];
}

async function pictureIn(value: unknown): Promise<Uint8Array | string> {
  if (value instanceof Uint8Array) return value;
  if (value instanceof Blob) return new Uint8Array(await value.arrayBuffer());
  const text = String(value);
  const inside = text
    .replace(/^data:[^,]*;base64,/, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/');
  const bytes = inside.length >= 40 && isBase64(inside) ? Buffer.from(inside, 'base64') : undefined;
  return bytes && lookAt(bytes) ? bytes : text;
}

/** Whether what a service understood is what the call asks. */
export function isSame(word: Word, asked: unknown, understood: unknown): boolean {
  if (word === 'size') return sizeOf(asked) === sizeOf(understood);
  if (word === 'expand') return isSameExpand(asked, understood);
  if (typeof asked === 'number') return understood !== '' && Math.abs(Number(understood ?? Number.NaN) - asked) < 1e-6;
  return inLines(asked) === inLines(understood);
}

/** A form ends its lines with CR LF. */
export function inLines(text: unknown): string {
  return String(text).replaceAll('\r\n', '\n');
}

function isSameExpand(asked: unknown, understood: unknown): boolean {
  const [one, other] = [asked, understood].map((sides) => (isRecord(sides) ? sides : {}));
  return ['top', 'right', 'bottom', 'left'].every(
    (side) => Math.abs(Number(one![side] ?? 0) - Number(other![side] ?? 0)) < 1e-3,
  );
}

function sizeOf(size: unknown): string {
  if (isRecord(size)) return `${size.width}x${size.height}`;
  return String(size).replace(/\s*[*×X]\s*/, 'x');
}

/** A value in a message: short, and pictures by what they are. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value instanceof Uint8Array) {
    const { mediaType = 'no picture', width, height } = lookAt(value) ?? {};
    return `${mediaType}${width ? ` ${width}x${height}` : ''}`;
  }
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/** The pictures of a call, as bytes. */
export function bytesOf(images: ProviderCall['images']): readonly Uint8Array[] {
  return images.flatMap((image) => (image.as === 'bytes' ? [image.bytes] : []));
}

/** As many values of one word as are tried. */
const most = 16;

/** All, or of a longer list so many, evenly spread. */
export function sample<T>(values: readonly T[]): readonly T[] {
  if (values.length <= most) return values;
  return Array.from({ length: most }, (_, i) => values[Math.round((i * (values.length - 1)) / (most - 1))]!);
}

/** The same; none of a single one, which may be left out. */
export function several<T>(values: readonly T[]): readonly T[] {
  return values.length > 1 ? sample(values) : [];
}

/** What a refusal calls its request id, in the header or field that most services have for it. */
export function requestIdOf({ headers = {}, json }: Reply = {}): string | undefined {
  const isId = (name: string) => /^(x-)?request[-_]?id$/i.test(name);
  const fields = isRecord(json) ? [json, ...Object.values(json).filter(isRecord)] : [];
  const found = [headers, ...fields].flatMap((one) => Object.entries(one)).find(([name]) => isId(name));
  return typeof found?.[1] === 'string' ? found[1] : undefined;
}

/** The texts of a refusal that are for people. */
export function sentencesOf(json: unknown): readonly string[] {
  return leavesOf(json).filter((one): one is string => typeof one === 'string' && /^[^<]+ [^<]+ [^<]+$/.test(one));
}
