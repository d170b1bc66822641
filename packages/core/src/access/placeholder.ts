// Texts that stand for a value which somebody was to fill in, and did not.

/** Such as `${KEY}`, `${env:KEY}`, `%KEY%` and `{{KEY}}`: a program that knows the form puts the value in, others hand it on as it is. */
const template = /\$\{[^}]*\}|\{\{[^}]*\}\}|^%{1,2}\w+%{1,2}$|^\$[A-Z_][A-Z0-9_]*$|^\$env:\w+$/;

/** Whether a program was to put a value in, and did not. */
export function isUnfilled(text: string): boolean {
  return template.test(text.trim()) || /^(?:undefined|null|\[object Object\])$/.test(text.trim());
}

/** What is told of a variable that {@link isUnfilled}, where it counts as not set. */
export function unfilledNote(name: string, text: string): string {
  return `${name} does not count: it holds a placeholder that was not filled in (${text})`;
}

/** Words and signs that stand where a key belongs. Each is a whole text, or so rare in one that no service makes a key with it. */
const standIns: readonly RegExp[] = [
  /^(?:your|insert|replace|enter|paste|add|put)[-_ ]?.*(?:key|token|secret)/i,
  /^(?:(?:my|the|api)[-_ ]?(?:api[-_ ]?)?key|(?:\w+[-_ ])?(?:key|token|secret)[-_ ]here)$/i,
  /^(?:none|todo|tbd|placeholder|(?:change|replace|fill)[-_ ]?me)$/i,
  /^<.*>$|^\[.*\]$|\.{3}|…|\*{3}/,
  /^(?:[a-z]{1,8}[-_]){0,3}x{3,}$|^[\w-]*?x{6,}$/i,
];

/** Whether a text is no key, but says where one belongs: `${KEY}`, `your-api-key`, `<key>`, `sk-...`, `""`. */
export function isKeyPlaceholder(text: string): boolean {
  const given = text.trim();
  const key = given.replace(/^(["'`])(.*)\1$/, '$2').trim();
  return (given !== '' && key === '') || isUnfilled(key) || standIns.some((form) => form.test(key));
}
