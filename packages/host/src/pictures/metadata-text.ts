// What is known of a picture as the texts that go into its file: XMP and EXIF.

import type { Sidecar } from '../library/sidecar.ts';

/** What goes into the file of a picture. */
export interface EmbeddedFacts extends Pick<Sidecar, 'prompt' | 'model' | 'seed' | 'createdAt'> {
  /** Such as `anyimage 1.0.0`. */
  readonly software: string;
  readonly source: SourceType;
}

/** How a picture came to be, of IPTC's list: by a trained model, by one and another picture, or by rules alone. */
export type SourceType = 'trainedAlgorithmicMedia' | 'compositeWithTrainedAlgorithmicMedia' | 'algorithmicMedia';

/** Of the words that no standard has. */
export const namespace = 'urn:anyimage:1.0:';

/** https://cv.iptc.org/newscodes/digitalsourcetype */
const sourceTypes = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

/**
 * An XMP packet (ISO 16684-1). `AIPromptInformation`, `AISystemUsed`: IPTC Photo Metadata Standard 2025.1. No standard has a word for a
 * seed, so that has a namespace of ours.
 */
export function xmpText({ prompt, model, seed, createdAt, software, source }: EmbeddedFacts): string {
  const words = [
    `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escaped(prompt.original)}</rdf:li></rdf:Alt></dc:description>`,
    `<xmp:CreatorTool>${escaped(software)}</xmp:CreatorTool>`,
    createdAt !== undefined && `<xmp:CreateDate>${escaped(createdAt)}</xmp:CreateDate>`,
    `<Iptc4xmpExt:DigitalSourceType>${sourceTypes}${source}</Iptc4xmpExt:DigitalSourceType>`,
    `<Iptc4xmpExt:AISystemUsed>${escaped(model)}</Iptc4xmpExt:AISystemUsed>`,
    `<Iptc4xmpExt:AIPromptInformation>${escaped(prompt.sent)}</Iptc4xmpExt:AIPromptInformation>`,
    seed !== undefined && `<anyimage:seed>${seed}</anyimage:seed>`,
  ];
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:anyimage="${namespace}">
   ${words.filter(Boolean).join('\n   ')}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>`;
}

/** As text of an element. XML has no way to write most control characters: they are left out. */
function escaped(text: string): string {
  return plain(text).replace(/[&<>\r]/g, (sign) => `&#${sign.codePointAt(0)};`);
}

/** Without what no file can hold as text: control characters, halves of a character, and the two that are none. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken away
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
}

/** Most bytes of the description in EXIF: a JPEG segment has 65,533, and viewers show a line. The whole prompt stands in XMP. */
const longestDescription = 16_000;

/** EXIF as TIFF: the description and the software. The words are UTF-8, as all viewers read them. */
export function exifBytes({ prompt, software }: EmbeddedFacts): Buffer {
  const description = Buffer.from(`${cut(plain(prompt.original), longestDescription)}\0`);
  const maker = Buffer.from(`${plain(software)}\0`);
  const entries = [
    { tag: 0x010e, bytes: description }, // ImageDescription
    { tag: 0x0131, bytes: maker }, // Software
  ];
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length, 0);
  const values: Buffer[] = [];
  let at = tiffHead.length + directory.length;
  for (const [index, { tag, bytes }] of entries.entries()) {
    const entry = 2 + index * 12;
    directory.writeUInt16LE(tag, entry);
    directory.writeUInt16LE(2, entry + 2); // ASCII
    directory.writeUInt32LE(bytes.length, entry + 4);
    // A value of up to four bytes stands in its entry.
    if (bytes.length <= 4) {
      bytes.copy(directory, entry + 8);
      continue;
    }
    directory.writeUInt32LE(at, entry + 8);
    const padded = Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)]);
    values.push(padded);
    at += padded.length;
  }
  return Buffer.concat([tiffHead, directory, ...values]);
}

/** Little-endian; the directory follows. */
const tiffHead = Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0]);

/** The start of a text that has at most so many bytes as UTF-8. */
function cut(text: string, bytes: number): string {
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes), { stream: true });
}
