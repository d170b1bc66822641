// Whether words that are no command were meant as one: then they are no prompt, which might cost money.

import { existsSync } from 'node:fs';
import { ImageError } from '@anyimage/core';
import { findProvider, providers, shellWord } from '@anyimage/host';
import { commandWords, doubtfulWords } from './command-words.ts';

/** A shorter command is like too many words of prompts: "stats" and "stars". */
const shortest = 6;

/** What a word probably is. */
interface Suspect {
  readonly problem: string;
  /** What it is here, as one types it after `anyimage`. */
  readonly meant?: string | undefined;
}

/**
 * Refuses words that look like a command line: a word that is a command of other tools or nearly one of ours (`commands`), alone or before
 * further words, or a file. What was given as one argument with spaces is a prompt, and so are several words of which the first looks like no
 * command. Throws `invalid-request` with what was probably meant, and how to draw the words all the same.
 */
export function refuseCommand(words: readonly string[], commands: readonly string[]): void {
  const suspect = suspectIn(words, commands);
  if (!suspect) return;
  const draws = `anyimage make ${shownWords(words)} draws the ${words.length > 1 ? 'words' : 'word'}.`;
  const meant = suspect.meant && commands.includes(suspect.meant.split(' ', 1)[0]!) ? suspect.meant : undefined;
  throw new ImageError('invalid-request', `${suspect.problem}; nothing was sent`, {
    details: { option: 'prompt', asked: words.join(' '), ...(meant && { nearest: meant }) },
    hint: `${meant ? `Perhaps anyimage ${meant}` : 'anyimage --help shows the commands'}; ${draws}`,
  });
}

/**
 * Refuses `anyimage make it night -i boat.png`: "make" is the command there, and the prompt would be "it night". Throws
 * `invalid-request`.
 */
export function refuseLostVerb(words: readonly string[], hasImage: boolean): void {
  const [first = '', ...others] = words;
  const isLost =
    others.length > 0 && (/^it$/i.test(first) || (hasImage && /^(the|this|that|them|him|her|his)$/i.test(first)));
  if (!isLost) return;
  const rest = words.join(' ');
  throw new ImageError('invalid-request', `"make" is the command here, and ${JSON.stringify(rest)} all of the prompt`, {
    details: { option: 'prompt', asked: rest },
    hint: `Quote the prompt: anyimage ${shellWord(`make ${rest}`)}, or anyimage make ${shellWord(rest)}.`,
  });
}

/** Refuses `anyimage --json models`, where the flag would be left out without a word. `flags`: `-m, --model <name>`. Throws `invalid-request`. */
export function refuseEarlyFlag(flags: string, command: string): void {
  const [flag = flags, ...place] = flags.slice(Math.max(0, flags.indexOf('--'))).split(' ');
  throw new ImageError('invalid-request', `${flag} stands before the command ${command}`, {
    hint: `Flags of a command come after it: anyimage ${[command, '…', flag, ...place].join(' ')}. A prompt is drawn by anyimage make ${command}.`,
  });
}

function suspectIn(words: readonly string[], commands: readonly string[]): Suspect | undefined {
  const [first = '', ...others] = words;
  if (/\s/.test(first.trim())) return others.length > 0 ? fileIn(others) : undefined;
  return commandIn(first.toLowerCase(), others, commands) ?? nameIn(first, others) ?? fileIn(words);
}

/** What has a name here: a picture or ticket by its id, and where nothing else is said a service, a model, or what lies in the folder. */
function nameIn(word: string, others: readonly string[]): Suspect | undefined {
  const name = JSON.stringify(word);
  const [, kind] = /^([pt])-[0-9a-f]{4,}$/i.exec(word) ?? [];
  if (kind !== undefined) {
    const isTicket = kind.toLowerCase() === 't';
    const problem = `${name} is the id of a ${isTicket ? 'ticket' : 'picture'}, or looks like one`;
    return { problem, meant: `${isTicket ? 'jobs resume' : 'info'} ${word}` };
  }
  if (others.length > 0) return /^[a-z]$/i.test(word) && /^\d+$/.test(others.join('')) ? lettersAlone(name) : undefined;
  if (/^[a-z]$/i.test(word)) return lettersAlone(name);
  const [id = '', model] = word.toLowerCase().split('/', 2);
  if (findProvider(providers, id) && (model === undefined || model !== ''))
    return { problem: `${name} is the name of a ${model === undefined ? 'service' : 'model'}`, meant: `use ${word}` };
  const offers = providers.find(({ definition }) => Object.hasOwn(definition.models, id));
  if (offers) return { problem: `${name} is the name of a model`, meant: `use ${offers.definition.id}/${word}` };
  return /\w/.test(word) && existsSync(word) ? { problem: `${name} is in this folder` } : undefined;
}

function lettersAlone(name: string): Suspect {
  return { problem: `${name} looks like a flag without its dash` };
}

function commandIn(word: string, others: readonly string[], commands: readonly string[]): Suspect | undefined {
  const name = JSON.stringify(word);
  if (commands.includes(word)) return { problem: `${name} is a command`, meant: word };
  if (Object.hasOwn(commandWords, word)) return { problem: `${name} looks like a command`, meant: commandWords[word] };
  if (Object.hasOwn(doubtfulWords, word) && (others.length < 2 || isCommand(others[0]!, commands))) {
    return { problem: `${name} looks like a command`, meant: doubtfulWords[word] };
  }
  const near = commands.find((command) => isMisprint(word, command));
  if (near !== undefined) return { problem: `${name} is nearly the command ${JSON.stringify(near)}`, meant: near };
  const other = Object.keys(commandWords).find((command) => isSwapped(word, command));
  return other === undefined
    ? undefined
    : { problem: `${name} is nearly the command ${JSON.stringify(other)} of other tools`, meant: commandWords[other] };
}

function isCommand(word: string, commands: readonly string[]): boolean {
  const name = word.toLowerCase();
  return commands.includes(name) || Object.hasOwn(commandWords, name) || Object.hasOwn(doubtfulWords, name);
}

const path = /^(?:(?:~|\.{1,2})?[\\/]\S|[a-z]:[\\/]|https?:\/\/|\$\{?[a-z_]\w*\}?[\\/]|%\w+%)/i;
const ending =
  /\.(?:png|jpe?g|webp|gif|avif|svg|tiff?|bmp|heic|txt|csv|tsv|jsonl?|ya?ml|toml|md|html?|pdf|zip|tgz|gz|sh|mp[34]|psd|xcf|ai|eps|docx?|xlsx?|pptx?|tar|mov|wav|exr|raw|dng|jxl|ico)$/i;

function fileIn(words: readonly string[]): Suspect | undefined {
  const file = words.find((word) => path.test(word) || ending.test(word));
  if (file === undefined) return undefined;
  return {
    problem: `${JSON.stringify(file)} looks like a file: -i FILE is a picture to start from, -o FILE the one to write`,
  };
}

/** One letter added, left out, replaced, or swapped with its neighbour. People hit the first letter: "rust" and "crust" mean no "trust". */
function isMisprint(word: string, command: string): boolean {
  if (isSwapped(word, command)) return true;
  if (command.length < shortest || word[0] !== command[0] || !/^[\w-]+$/.test(word)) return false;
  const same = sharedStart(word, command);
  const [typed, meant] = [word.slice(same), command.slice(same)];
  const [rest, left] = [typed.slice(1), meant.slice(1)];
  return word !== command && (rest === left || rest === meant || typed === left);
}

/** Two neighbours swapped, the first letter aside. */
function isSwapped(word: string, command: string): boolean {
  const same = sharedStart(word, command);
  if (same === 0 || word.length !== command.length || same + 1 >= word.length) return false;
  return word.slice(same) === `${command[same + 1]}${command[same]}${command.slice(same + 2)}`;
}

/** How many letters two words have in common at their start. */
function sharedStart(a: string, b: string): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  return same;
}

/** As one would type them: the first few. */
function shownWords(words: readonly string[]): string {
  const shown = words.slice(0, 4).map((word) => shellWord(word));
  return words.length > 4 ? `${shown.join(' ')} …` : shown.join(' ');
}
