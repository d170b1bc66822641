// How an input picture is named: by a path or by a URL.

/** Whether it is named by a URL. One letter before the colon is a drive of Windows. */
export function isURL(name: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(name);
}

/** Whether it is named by a path or a `file:` URL. */
export function isFileName(name: string): boolean {
  return !isURL(name) || /^file:/i.test(name);
}
