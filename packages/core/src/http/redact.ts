/** The text with every occurrence of the key replaced by `***`, also in its URL-encoded and JSON-escaped forms. */
export function redact(text: string, key: string | undefined): string {
  if (!key) return text;
  const forms = new Set([key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1)]);
  return [...forms].reduce((result, form) => result.replaceAll(form, '***'), text);
}
