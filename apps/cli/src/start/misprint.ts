import { ImageError } from '@anyimage/core';

/** A shorter word that is like a command is more likely a prompt: "muse", "fuse". */
const shortest = 5;

/**
 * Refuses a lone word that is nearly a command: `modles` is no picture that anybody wants. Throws `invalid-request` with the
 * command that was meant, and with the way to draw the word all the same.
 */
export function refuseMisprint(word: string, commands: readonly string[]): void {
  if (!/^[\w-]+$/.test(word)) return;
  const meant = [...commands, 'help'].find((command) => isMisprint(word.toLowerCase(), command));
  if (meant === undefined) return;
  throw new ImageError('invalid-request', `${JSON.stringify(word)} is nearly the command ${JSON.stringify(meant)}`, {
    details: { option: 'prompt', asked: word, nearest: meant },
    hint: `anyimage ${meant} runs the command; anyimage -- ${word} draws the word.`,
  });
}

/**
 * One letter added, left out, replaced, or swapped with its neighbour. People hit the first letter: "rust" and "crust" mean
 * no "trust".
 */
function isMisprint(word: string, command: string): boolean {
  if (word[0] !== command[0]) return false;
  const same = sharedStart(word, command);
  const [typed, meant] = [word.slice(same), command.slice(same)];
  if (typed.length === meant.length && typed.slice(0, 2) === `${meant[1]}${meant[0]}`) {
    return typed.slice(2) === meant.slice(2);
  }
  if (Math.min(word.length, command.length) < shortest) return false;
  const [rest, left] = [typed.slice(1), meant.slice(1)];
  return rest === left || rest === meant || typed === left;
}

/** How many letters two words have in common at their start. */
function sharedStart(a: string, b: string): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  return same;
}
