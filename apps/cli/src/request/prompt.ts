import { text } from 'node:stream/consumers';

/** The words as one prompt; a lone `-` stands for what comes on stdin, without its last line break. */
export async function readPrompt(
  words: readonly string[],
  stdin: NodeJS.ReadableStream = process.stdin,
): Promise<string> {
  if (words.length === 1 && words[0] === '-') return (await text(stdin)).replace(/\r?\n$/, '');
  return words.join(' ');
}
