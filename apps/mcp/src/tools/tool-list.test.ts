// What every client pays for in every conversation: the list of tools.

import { expect, test } from 'vitest';
import { tools } from './index.ts';
import type { Schema } from './tool.ts';

/** What each client and each service of language models takes. */
const taken = ['type', 'description', 'enum', 'items'];

/** As the server lists it. */
const listed = tools.map(({ name, title, description, inputSchema, outputSchema, annotations }) => {
  return { name, title, description, inputSchema, outputSchema, annotations };
});

test('is at most 12 kB', () => {
  const bytes = Object.fromEntries(listed.map((tool) => [tool.name, Buffer.byteLength(JSON.stringify(tool))]));
  expect(
    Object.values(bytes).reduce((sum, one) => sum + one, 0),
    JSON.stringify(bytes),
  ).toBeLessThan(12_000);
});

test('has only words of JSON Schema that no service refuses', () => {
  const check = (schema: Schema, place: string) => {
    for (const word of Object.keys(schema)) expect(taken, `${place}: ${word}`).toContain(word);
    // An object without properties is refused by Gemini, one of any names by strict modes.
    expect(['string', 'number', 'integer', 'boolean', 'array'], place).toContain(schema.type);
    if (schema.type === 'array') check(schema.items!, `${place}[]`);
  };
  for (const { name, inputSchema } of tools) {
    const { type, properties, required = [], ...others } = inputSchema;
    expect({ type, others }, name).toEqual({ type: 'object', others: {} });
    expect(Object.keys(properties).length, name).toBeGreaterThan(0);
    for (const word of required) expect(Object.keys(properties), name).toContain(word);
    for (const [word, schema] of Object.entries(properties)) check(schema, `${name}.${word}`);
  }
  const outputs = JSON.stringify(listed.map(({ outputSchema }) => outputSchema ?? {}));
  expect(outputs).not.toMatch(/"(?:anyOf|oneOf|allOf|\$ref|format|examples|nullable)":|"null"/);
});

test('has an output schema on the tools that make pictures alone', () => {
  const described = tools.filter(({ outputSchema }) => outputSchema).map(({ name }) => name);
  expect(described).toEqual(['generate_image', 'edit_image']);
});
