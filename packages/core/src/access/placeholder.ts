// Texts that stand for a value which somebody was to fill in, and did not.

/** Such as `${KEY}`, `${env:KEY}`, `%KEY%` and `{{KEY}}`: a program that knows the form puts the value in, others hand it on as it is. */
const template = /\$\{[^}]*\}|\{\{[^}]*\}\}|^%\w+%|^\$[A-Z_][A-Z0-9_]*$/;

/** Whether a program was to put a value in, and did not. */
export function isUnfilled(text: string): boolean {
  return template.test(text) || /^(?:undefined|null|\[object Object\])$/.test(text.trim());
}

/** Whether a text is no key, but says where one belongs: `${KEY}`, `your-api-key`, `<key>`, `sk-...`. */
export function isKeyPlaceholder(text: string): boolean {
  const key = text.trim();
  return (
    isUnfilled(key) ||
    /^(?:your|insert|replace|enter|paste|add)[-_ ]?.*(?:key|token|secret)|^(?:my|the|api)[-_ ]?(?:api[-_ ]?)?key$/i.test(
      key,
    ) ||
    /^<.*>$|^\[.*\]$|\.{3}|…|^[\w-]*?x{6,}$|^(?:none|changeme|todo)$/i.test(key)
  );
}
