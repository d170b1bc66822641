// How a picture is named, whichever program made it: by its bytes, or by how many were made after it.

/** `p-3f9a1c02b7de`, of the SHA-256 of the file in hexadecimal. */
export function pictureId(sha256: string): string {
  return `p-${sha256.slice(0, idDigits)}`;
}

const idDigits = 12;

/** As people are shown it: `p-3f9a1c02`. Any beginning that no other picture has will do. */
export function shortPictureId(sha256: string): string {
  return `p-${sha256.slice(0, shortDigits)}`;
}

const shortDigits = 8;

/** Whether a text is the id of a picture. */
export function isPictureId(text: string): boolean {
  return /^p-[0-9a-f]{12}$/.test(text);
}

/** What names a picture of the history: how many were made up to it, counted from the newest, or how the hash of its bytes begins. */
export type PictureName = { readonly age: number } | { readonly start: string };

/** Characters. A longer text is a picture itself, or a path. */
const longestName = 100;

/** `last`, `last:2`, `p-3f9a1c02` or its digits alone; `undefined` for any other text, such as a path. */
export function readPictureName(text: string): PictureName | undefined {
  if (text.length > longestName) return undefined;
  const name = text.trim().toLowerCase();
  const [isByAge, age = '1'] = /^(?:last|latest|newest)(?:[\s:#-]*(\d{1,4}))?$/.exec(name) ?? [];
  if (isByAge) return { age: Math.max(1, Number(age)) };
  const start = /^(?:anyimage:\/\/images\/)?(?:p-)?([0-9a-f]{4,64})$/.exec(name)?.[1];
  return start === undefined ? undefined : { start };
}
