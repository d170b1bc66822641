/** Longest that is repeated of what was given, characters. */
const mostRepeated = 80;

/** What was given, in quotation marks and not at length. What starts the server loads nothing of core for this. */
export function shown(text: string): string {
  return JSON.stringify(text.length > mostRepeated ? `${text.slice(0, mostRepeated)}…` : text);
}
