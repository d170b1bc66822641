const prefix = /^data:image\/png;base64,/i;
const signature = '89504e470d0a1a0a';

/** The bytes of a PNG given as a `data:` URL; undefined if it is none. */
export function decodePng(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!prefix.test(text)) return undefined;
  const bytes = new Uint8Array(Buffer.from(text.replace(prefix, ''), 'base64'));
  return Buffer.from(bytes.subarray(0, 8)).toString('hex') === signature ? bytes : undefined;
}
