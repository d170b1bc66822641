// The way of a prompt in docs/architecture.md, held against the code: each file of the list has the function that is named, and a
// file before it calls that function.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './run.mjs';

/** The most files that a prompt may pass through. */
const most = 18;

const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const [, section = ''] = /\n#+ The way of a prompt\n([\s\S]*?)\n#/.exec(page) ?? [];
const steps = [...section.matchAll(/^\d+\. `([^`]+)`, `(\w+)`/gm)].map(([, file, name]) => ({ file, name }));

test('a prompt passes through few files, each once', () => {
  expect(steps.length).toBeGreaterThan(5);
  expect(steps.length).toBeLessThanOrEqual(most);
  expect(new Set(steps.map(({ file }) => file)).size).toBe(steps.length);
  expect(steps[0]?.file).toBe('apps/cli/src/main.ts');
  // What undici is handed goes out.
  expect(read(steps.at(-1).file)).toMatch(/\bagent\.dispatch\(/);
});

test.each(steps.slice(1).map((step, index) => [step.file, step.name, index + 1]))(
  '%s is entered by %s, which a file before it calls',
  (file, name, index) => {
    expect(existsSync(join(root, file))).toBe(true);
    // A function, a method, or a member of an object that is made there.
    expect(read(file)).toMatch(new RegExp(`(function |^ +(async )?)${name}\\b(<[^>]*>)?(\\(|: \\()`, 'm'));
    const callers = steps.slice(0, index).filter((step) => callsIn(step.file, name));
    expect(callers.map((step) => step.file)).not.toEqual([]);
  },
);

function read(file) {
  return readFileSync(join(root, file), 'utf8');
}

/** Whether a file calls a function of this name, its own or that of an interface. */
function callsIn(file, name) {
  return new RegExp(`(?<!function )\\b${name}!?\\(`).test(read(file));
}
