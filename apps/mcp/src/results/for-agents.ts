// Sentences of core speak to whoever has a command line. An agent has tools, and the person behind it the rest.

const gaveUp = 'the person gives it up with the `anyimage jobs` command';

const rules: readonly (readonly [RegExp, string])[] = [
  [/\bresume ticket (t-[\w-]+)/gi, 'call get_image with id "$1"'],
  [/\bresume (?:the ticket|it)\b/gi, 'call get_image with its id'],
  [/\bresume again\b/gi, 'call get_image again'],
  [/ until it is dropped/gi, ''],
  [/\bdrop (?:the ticket|ticket t-[\w-]+|it)\b/gi, gaveUp],
  [/ yours, add it to allowNetworks\b/gi, " the person's, they add it to allowNetworks of their config"],
];

/** A command of ours, as hints name it: `anyimage plugins add PACKAGE`. */
const command =
  /\banyimage (?:again|config|doctor|emulate|history|info|init|jobs|keys|models|plugins|providers|styles|trust|use)\b/;

/** The same, with the steps that an agent can do as calls of tools, and those that only the person can do as theirs. */
export function forAgents(text: string): string {
  const told = rules.reduce((said, [words, step]) => said.replace(words, step), text);
  if (!command.test(told) || /\bthe person\b/i.test(told)) return told;
  return `${told.replace(/(?<![.!?])$/, '.')} The person can run that command in a terminal.`;
}
