// The words of a request and their flags.

/** Words whose flag is the word in kebab case. */
export const requestWords: readonly string[] = [
  'model',
  'n',
  'size',
  'aspectRatio',
  'resolution',
  'quality',
  'style',
  'background',
  'outputFormat',
  'outputCompression',
  'seed',
  'negativePrompt',
  'strength',
  'factor',
  'expand',
  'user',
  'operation',
  'images',
  'mask',
  'timeout',
  'output',
];

const own: Readonly<Record<string, string>> = { n: '-n', images: '--image' };

/** `aspectRatio` is `--aspect-ratio`. */
export function flagOf(word: string): string {
  return own[word] ?? `--${word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
