// What a person is to type.

/** Signs that mean themselves in sh, bash, zsh and fish; in cmd and PowerShell. Letters of any script do. */
const plainWord = /^(?![~=-])[\p{L}\p{M}\p{N}_@%+=:,./~-]+$/u;
const plainWindowsWord = /^(?![~=-])[\p{L}\p{M}\p{N}_+=:./\\~-]+$/u;
/** Signs that mean something between double quotes. */
const special = /[$`\\"!]/;

/** A word as a shell of the platform takes it: as it is where that will do, else in quotes. What begins with `-` is quoted, and stays a flag. */
export function shellWord(text: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return plainWindowsWord.test(text) ? text : windowsQuoted(text);
  if (plainWord.test(text)) return text;
  return special.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : `"${text}"`;
}

/** A backslash is one, but for those before a quotation mark. */
function windowsQuoted(text: string): string {
  return `"${text.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&')}"`;
}
