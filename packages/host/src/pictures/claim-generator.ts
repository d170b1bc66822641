// What says of itself in a C2PA manifest that it made the picture. Nothing of it is verified.

import { decode } from 'cborg';

/** A box of JUMBF (ISO 19566-5). */
interface Box {
  readonly type: string;
  readonly content: Buffer;
}

/** Longest claim that is read, bytes, and longest name that is told, characters. */
const longestClaim = 2 ** 20;
const longestName = 200;

/** The claim generator of the newest manifest of a store, such as `Paint 1.2`; `undefined` where none can be read. */
export function claimGenerator(store: Buffer): string | undefined {
  try {
    const manifests = childrenOf(boxesIn(store).find(({ type }) => type === 'jumb')?.content);
    const newest = manifests.filter(({ type }) => type === 'jumb').at(-1);
    // `c2pa.claim.v2` since version 2 of the specification.
    const claim = childrenOf(newest?.content).find(({ content }) => /^c2pa\.claim(?:\.v\d+)?$/.test(labelOf(content)));
    const words = childrenOf(claim?.content).find(({ type }) => type === 'cbor')?.content;
    return words && words.length <= longestClaim ? generatorIn(decode(words, leniently)) : undefined;
  } catch {
    return undefined;
  }
}

const leniently = { strict: false, allowNaN: true, allowInfinity: true, useMaps: false } as const;

/** As text, or as an object or a list of such with a name and a version. */
function generatorIn(claim: unknown): string | undefined {
  const { claim_generator_info: info, claim_generator: text } = Object(claim) as Record<string, unknown>;
  const { name, version } = Object([info].flat()[0]) as Record<string, unknown>;
  const told = typeof name === 'string' ? [name, version].filter((word) => typeof word === 'string').join(' ') : text;
  return typeof told === 'string' && told.trim() ? told.trim().slice(0, longestName) : undefined;
}

/** The boxes of a superbox, behind its description. */
function childrenOf(superbox: Buffer | undefined): readonly Box[] {
  return superbox ? boxesIn(superbox).filter(({ type }) => type !== 'jumd') : [];
}

/** Of a superbox; empty if it has none. Its description is a type of 16 bytes, what is there besides, then the label. */
function labelOf(superbox: Buffer): string {
  const description = boxesIn(superbox).find(({ type }) => type === 'jumd')?.content;
  if (!description || ((description[16] ?? 0) & 2) === 0) return '';
  return description.toString('utf8', 17, description.indexOf(0, 17));
}

/** A length of 1 stands behind the type, in eight bytes; one of 0 reaches to the end. */
function boxesIn(bytes: Buffer): readonly Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const short = bytes.readUInt32BE(at);
    const head = short === 1 ? 16 : 8;
    const length = short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short || bytes.length - at;
    if (length < head) break;
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), content: bytes.subarray(at + head, at + length) });
    at += length;
  }
  return boxes;
}
