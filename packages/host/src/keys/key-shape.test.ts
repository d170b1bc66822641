import fc from 'fast-check';
import { expect, test } from 'vitest';
import { providers } from '../services/providers.generated.ts';

const known = providers.map(({ definition }) => definition);

import { holdsKey, keyDoubt, keyProblem } from './key-shape.ts';

test.each([
  'test-key',
  'sk-proj-0123456789abcdef',
  '0123456789abcdef0123456789abcdef.AbCdEfGh',
  'bXkta2V5LXRlc3Q=',
  'a-key0123==',
])('%s looks like a key', (key) => {
  expect(keyProblem(key)).toBeUndefined();
});

test.each([
  ['', 'empty'],
  ['short', 'too short'],
  ['sk-01234567\n', 'ends with'],
  ['"sk-01234567"', 'quotation marks'],
  ['Bearer sk-01234567', 'Bearer'],
  ['sk-0123 4567', 'space'],
  ['OPENAI_API_KEY=sk-0123456789', 'only what follows the ='],
  ['export OPENAI_API_KEY="sk-0123456789"', 'only what follows the ='],
  ["$env:HF_TOKEN = 'hf_0123456789'", 'only what follows the ='],
  ['https://platform.openai.com/api-keys', 'address of a page'],
  ['www.example.com/keys', 'address of a page'],
  ['sk-0123–4567', 'letters'],
  ['your-api-key-here', 'placeholder'],
  ['<YOUR_KEY>', 'placeholder'],
  ['sk-xxxxxxxxxxxx', 'placeholder'],
])('%j does not, and it is said why', (key, reason) => {
  expect(keyProblem(key)).toContain(reason);
});

test.each([
  ['cogview', 'nodotnodotnodot', 'no dot'],
  ['bailian', 'sk-sp-0123456789', 'coding plan'],
  ['openai', 'AIza0123456789', 'Google'],
  ['openai', '0123456789.abcdefgh', undefined],
  ['google', 'sk-0123456789', 'Google'],
  ['google', 'AIza0123456789', undefined],
  ['openai', 'sk-ant-0123456789', 'Anthropic'],
  ['seedream', 'hf_0123456789abc', 'Hugging Face'],
  ['bailian', 'sk-proj-0123456789', 'OpenAI'],
  ['openai', `${'0'.repeat(32)}.${'test'.repeat(4)}`, 'Zhipu'],
  ['openrouter', 'sk-or-v1-0123456789', undefined],
  ['openai', 'sk-or-v1-0123456789', 'OpenRouter'],
  ['cogview', `${'0'.repeat(32)}.${'test'.repeat(4)}`, undefined],
  ['openai', 'sk-proj-0123456789', undefined],
  ['bailian', 'sk-0123456789', undefined],
  ['cogview', '0123456789.abcdefgh', undefined],
  ['sketch', 'AIza0123456789', 'Google'],
])('as a key of %s, %s is doubted only for a reason', (id, key, reason) => {
  const doubt = keyDoubt(key, known.find((definition) => definition.id === id)!, known);
  if (reason === undefined) expect(doubt).toBeUndefined();
  else expect(doubt).toContain(reason);
});

test('a server of one’s own may take the keys of any service', () => {
  const own = { ...known[0]!, id: 'my-box', keys: [{ env: 'MY_KEY' }] };
  expect(keyDoubt('AIza0123456789', own, known)).toBeUndefined();
});

test('a doubt never holds the key, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 12 }),
      fc.constantFrom('', 'AIza', 'sk-', 'sk-sp-'),
      fc.constantFrom(...known),
      (rest, start, definition) => !keyDoubt(start + rest, definition, known)?.includes(start + rest),
    ),
  );
});

const keys = [
  'sk-abc123def456',
  'sk-proj-0123456789',
  'sk-or-v1-0123456789',
  'AIzaSy0123456789',
  'hf_0123456789abc',
  `${'0'.repeat(32)}.${'test'.repeat(4)}`,
];

test.each(keys)('%s is a key wherever it stands in a text', (key) => {
  const texts = [
    key,
    ` ${key}\n`,
    `a boat ${key}`,
    `OPENAI_API_KEY=${key}`,
    `export KEY="${key}"`,
    `$env:KEY='${key}'`,
    `"${key}"`,
  ];
  for (const text of texts) expect(holdsKey(text, known), text.replace(key, 'KEY')).toBe(true);
});

test.each([
  'a paper boat',
  'sk-',
  'sk-8 skateboard 1987',
  'task-123456789012',
  'AIza',
  'hf_something_long',
  'a boat, 1920x1080, f/2.8, no.7',
  'https://example.com/sk-0123456789abc',
  '',
])('%s holds none', (text) => {
  expect(holdsKey(text, known)).toBe(false);
});
