// What a background means that a model has no word for. A colour is a wish, as a style is; transparency is what a picture is for.

const colours =
  'white|black|gr[ae]y|silver|red|maroon|crimson|orange|gold|yellow|beige|ivory|cream|brown|tan|green|olive|lime|mint|teal|cyan|aqua|' +
  'turquoise|blue|navy|indigo|violet|purple|lavender|magenta|fuchsia|pink|salmon|coral';
/** `white`, `light blue`, `off-white`, `solid white background`. */
const named = new RegExp(
  `^(?:(?:a|plain|pure|solid|flat|opaque|light|dark|pale|deep|bright|soft|off|sky|royal|hot)[ -]*)*(?:${colours})(?:[ -]*(?:colou?r(?:ed)?|background|backdrop))*$`,
);
/** `#fff`, `#ffffff`, `rgb(255, 255, 255)`. What has a share of its own for alpha may be transparent. */
const numbered = /^(?:#(?:[\da-f]{3}|[\da-f]{6})|(?:rgb|hsl)\([\d.%, deg]+\))$/;
/** Characters of the longest that is read. */
const longest = 60;

/** Whether a background is asked for without transparency: an opaque one, or a colour. */
export function isOpaque(background: string): boolean {
  const said = background.trim().toLowerCase();
  if (said.length > longest) return false;
  return said === 'opaque' || named.test(said) || numbered.test(said);
}
