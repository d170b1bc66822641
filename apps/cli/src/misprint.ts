import { ImageError, nearest } from '@anyimage/core';

/**
 * Refuses a lone word that is nearly a command: `modles` is no picture that anybody wants. Throws `invalid-request` with the
 * command that was meant, and with the way to draw the word all the same.
 */
export function refuseMisprint(word: string, commands: readonly string[]): void {
  if (!/^[\w-]+$/.test(word)) return;
  // A longer word that is like a short command is more likely a prompt: "hello", "mouse".
  const known = [...commands, 'help'].filter((command) => command.length > 4 || word.length <= 4);
  const [meant] = nearest(word, known, 1);
  if (meant === undefined) return;
  throw new ImageError('invalid-request', `${JSON.stringify(word)} is nearly the command ${JSON.stringify(meant)}`, {
    details: { option: 'prompt', asked: word, nearest: meant },
    hint: `anyimage ${meant} runs the command; anyimage -- ${word} draws the word.`,
  });
}
