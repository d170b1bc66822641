// Colours are `#rrggbb` everywhere in the drawing.

/** Part of the way from one colour to another; 0 = the first, 1 = the second. */
export function mix(from: string, to: string, share: number): string {
  const [a, b] = [channels(from), channels(to)];
  return hex(a.map((value, index) => value + (b[index]! - value) * share));
}

/** Nearer to white (0–1). */
export function lighten(colour: string, share: number): string {
  return mix(colour, '#ffffff', share);
}

/** Nearer to a deep blue-black (0–1): shadows outdoors are never pure black. */
export function darken(colour: string, share: number): string {
  return mix(colour, '#0a0e1e', share);
}

/** How light a colour looks, 0–1. */
export function lightness(colour: string): number {
  const [red, green, blue] = channels(colour);
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

/** The hue of `tint` with about the lightness of `colour`, as far as `share` says. */
export function tinted(colour: string, tint: string, share: number): string {
  const target = lightness(colour);
  const own = lightness(tint);
  const levelled =
    own > target ? mix(tint, '#000000', 1 - target / own) : mix(tint, '#ffffff', (target - own) / (1 - own || 1));
  return mix(colour, levelled, share);
}

/** Red, green and blue, 0–255. */
export function channels(colour: string): [red: number, green: number, blue: number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function hex(values: readonly number[]): string {
  return `#${values
    .map((value) =>
      Math.round(Math.min(255, Math.max(0, value)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}
