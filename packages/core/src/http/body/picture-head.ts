/** Whether bytes begin as a picture of a kind that is taken: PNG, JPEG, WebP, GIF or AVIF. At least 12 bytes are looked at. */
export function beginsAsPicture(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 12)).toString('latin1');
  return /^(?:\x89PNG|\xff\xd8\xff|GIF8|RIFF.{4}WEBP|.{4}ftyp)/s.test(head);
}
