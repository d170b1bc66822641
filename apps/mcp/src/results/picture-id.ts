// How a picture is named, whichever server made it: by its bytes.

/** `p-3f9a1c02b7de`, of the SHA-256 of the file in hexadecimal. */
export function pictureId(sha256: string): string {
  return `p-${sha256.slice(0, 12)}`;
}

/** Whether a text is the id of a picture. */
export function isPictureId(text: string): boolean {
  return /^p-[0-9a-f]{12}$/.test(text);
}
