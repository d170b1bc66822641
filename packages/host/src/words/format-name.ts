/** A format of pictures as we call it: `jpeg` for `JPG`, `.jpg` and `image/jpeg`. */
export function formatName(text: string): string {
  const name = text
    .trim()
    .toLowerCase()
    .replace(/^(?:image\/|\.)/, '');
  return name === 'jpg' ? 'jpeg' : name;
}
