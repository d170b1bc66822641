// docs/adding-a-provider.md takes this package as its example: what it shows must be here.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const excerpts = [...read('../../../docs/adding-a-provider.md').matchAll(/^```(ts|json)\n(.*?)^```$/gms)].map(
  ([, language, text]) => ({ language, text: text! }),
);
const sources = readdirSync(import.meta.dirname).map((name) => read(name));
const files = { ts: sources, json: [read('../package.json')] };

test('the page has excerpts', () => {
  expect(excerpts.length).toBeGreaterThan(5);
});

test.each(excerpts)('this excerpt is in the package:\n$text', ({ language, text }) => {
  expect(files[language as keyof typeof files].filter((file) => file.includes(text))).toHaveLength(1);
});
