/** The bytes of a `data:` URI, base64 or percent-encoded; `undefined` if it is none or its base64 is broken. */
export function decodeDataUri(text: string): Uint8Array | undefined {
  const comma = text.indexOf(',');
  if (!/^data:/i.test(text) || comma < 0) return undefined;
  const isBase64 = /;\s*base64\s*$/i.test(text.slice(0, comma));
  const content = text.slice(comma + 1);
  if (isBase64) return decodeBase64(content.includes('%') ? percentDecoded(content).toString('latin1') : content);
  return percentDecoded(content);
}

/** The bytes of a base64 or base64url text, with or without padding and line breaks; `undefined` if it is neither. */
export function decodeBase64(text: string): Uint8Array | undefined {
  // Spaces make a text longer than what it decodes to: they are looked for only then.
  return decodeCompact(text) ?? (/\s/.test(text) ? decodeCompact(text.replace(/\s+/g, '')) : undefined);
}

function decodeCompact(compact: string): Uint8Array | undefined {
  const padding = compact.endsWith('==') ? 2 : compact.endsWith('=') ? 1 : 0;
  const length = compact.length - padding;
  const rest = length % 4;
  const isComplete = padding ? (rest + padding) % 4 === 0 : rest !== 1;
  if (length <= 0 || !isComplete) return undefined;
  const bytes = Buffer.from(compact, 'base64');
  // The decoder passes over what is no base64, and then gives less.
  return bytes.length === Math.floor((length * 3) / 4) ? bytes : undefined;
}

function percentDecoded(text: string): Buffer {
  const pieces = text.split(/((?:%[0-9a-f]{2})+)/i);
  return Buffer.concat(
    pieces.map((piece, index) => (index % 2 ? Buffer.from(piece.replaceAll('%', ''), 'hex') : Buffer.from(piece))),
  );
}
