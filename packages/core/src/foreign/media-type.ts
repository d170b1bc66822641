/** Other names of types, as services give them. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['image/jpg', 'image/jpeg'],
  ['image/pjpeg', 'image/jpeg'],
  ['image/x-png', 'image/png'],
  ['image/svg', 'image/svg+xml'],
]);

/**
 * The media type in what a service or a header calls one, by its usual name in lower case: parameters such as `; charset=utf-8` say nothing of
 * the kind. `undefined` if there is none.
 */
export function mediaTypeIn(text: string): string | undefined {
  const type = /^\s*([\w.+-]{1,60}\/[\w.+-]{1,60})(?:[\s;,]|$)/.exec(text)?.[1]?.toLowerCase();
  return type && (otherNames.get(type) ?? type);
}
