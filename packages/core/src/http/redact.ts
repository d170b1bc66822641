/** The text with every occurrence of the key replaced by `***`, also in its URL-encoded and JSON-escaped forms. */
export function redact(text: string, key: string | undefined): string {
  if (!key) return text;
  if (last?.key !== key) {
    last = { key, forms: [...new Set([key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1)])] };
  }
  return last.forms.reduce((result, form) => result.replaceAll(form, '***'), text);
}

/** The forms of the key that was asked for last: paths are redacted at every request. */
let last: { readonly key: string; readonly forms: readonly string[] } | undefined;
