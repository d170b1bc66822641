import { expect, test } from 'vitest';
import { describeOption, type OptionSpecs } from './options.ts';
import { optionsJSONSchema, optionsSchema } from './options-schema.ts';

const specs = {
  watermark: { type: 'boolean', default: true, about: 'Whether a mark is drawn' },
  guidance: { type: 'number', min: 1, max: 20 },
  steps: { type: 'integer', min: 1 },
  moderation: { type: 'string', values: ['auto', 'low'], default: 'auto' },
  tag: { type: 'string', maxLength: 3 },
  reference: { type: 'image' },
  extra: { type: 'json' },
} as const satisfies OptionSpecs;

test('values of the declared kinds pass, and nothing is filled in', () => {
  const values = { watermark: false, guidance: 1.5, steps: 3, moderation: 'low', tag: 'abc', extra: { a: [1, null] } };
  expect(optionsSchema(specs).parse(values)).toEqual(values);
  expect(optionsSchema(specs).parse({})).toEqual({});
});

test.each([
  ['watermark', 'yes'],
  ['guidance', 20.5],
  ['steps', 1.5],
  ['steps', 0],
  ['moderation', 'high'],
  ['tag', 'abcd'],
  ['reference', ''],
  ['stepps', 3],
])('%s = %j is refused', (name, value) => {
  expect(optionsSchema(specs).safeParse({ [name]: value }).success).toBe(false);
});

test('an open schema lets unknown names through, known ones are still checked', () => {
  const schema = optionsSchema(specs, { open: true });
  expect(schema.parse({ sampler: 'euler' })).toEqual({ sampler: 'euler' });
  expect(schema.safeParse({ steps: 0 }).success).toBe(false);
});

test('the JSON Schema tells types, ranges, values, defaults and what an option is about', () => {
  expect(optionsJSONSchema(specs)).toMatchObject({
    type: 'object',
    additionalProperties: false,
    properties: {
      watermark: { type: 'boolean', default: true, description: 'Whether a mark is drawn' },
      guidance: { type: 'number', minimum: 1, maximum: 20 },
      steps: { type: 'integer', minimum: 1 },
      moderation: { type: 'string', enum: ['auto', 'low'], default: 'auto' },
      tag: { type: 'string', maxLength: 3 },
    },
  });
  expect(optionsJSONSchema(specs)).not.toHaveProperty('required');
  expect(optionsJSONSchema(specs, { open: true }).additionalProperties).not.toBe(false);
});

test('an option is described in words', () => {
  expect(Object.values(specs).map(describeOption)).toEqual([
    'true or false',
    'a number from 1 to 20',
    'a whole number of at least 1',
    'auto, low',
    'text of at most 3 characters',
    'a picture, as text',
    'any JSON value',
  ]);
});
