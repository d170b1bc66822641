// Whether data from outside is plain JSON of a bearable size, whose names and texts hide nothing.

import { cleanText } from '../foreign/clean.ts';

/** Something that is wrong, and where. */
export interface Fault {
  readonly path: readonly (string | number)[];
  /** What is wrong there, as it goes on after the path: `must be a list`. */
  readonly problem: string;
}

/** More is no row: values, characters of names and texts, levels of nesting. */
const most = { values: 20_000, characters: 400_000, levels: 16 } as const;

/** What makes a value no plain JSON, the first thing of it. Entries that are undefined do not count. */
export function plainFault(value: unknown): Fault | undefined {
  const left = { values: most.values as number, characters: most.characters as number };
  return visit(value, []);

  function visit(one: unknown, path: readonly (string | number)[]): Fault | undefined {
    left.values--;
    if (typeof one === 'string') left.characters -= one.length;
    if (left.values < 0 || left.characters < 0) return { path: [], problem: 'is too long' };
    const problem = faultOf(one);
    if (problem !== undefined) return { path, problem };
    if (typeof one !== 'object' || one === null) return undefined;
    if (path.length >= most.levels) return { path: path.slice(0, 2), problem: 'is nested too deep' };
    if (Array.isArray(one)) {
      for (const [index, entry] of one.entries()) {
        const fault = visit(entry, [...path, index]);
        if (fault) return fault;
      }
      return undefined;
    }
    for (const [name, entry] of Object.entries(one)) {
      if (entry === undefined) continue;
      left.characters -= name.length;
      const problem = nameProblem(name);
      const fault = problem === undefined ? visit(entry, [...path, name]) : { path, problem };
      if (fault) return fault;
    }
    return undefined;
  }
}

function faultOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return cleanText(value) === value ? undefined : 'must have no characters that cannot be seen';
    case 'number':
      return Number.isFinite(value) ? undefined : 'must be a number';
    case 'boolean':
      return undefined;
    case 'object':
      return value === null || Array.isArray(value) || isPlain(value) ? undefined : 'must be plain data';
    default:
      return 'must be plain data';
  }
}

/** Of any realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** What is wrong with a name in a table; `undefined` = nothing. */
export function nameProblem(name: string): string | undefined {
  if (name.includes('\n') || cleanText(name) !== name) {
    return 'must have names of one line each, of characters that can be seen';
  }
  if (name in Object.prototype) return `must not name anything ${name}`;
  return undefined;
}

/** What is wrong with the id of a model; `undefined` = nothing. */
export function idProblem(id: string): string | undefined {
  if (id === '') return 'must not be empty';
  if (id.length > 200) return 'must have at most 200 characters';
  if (/\s/.test(id) || cleanText(id) !== id) return 'must be characters that can be seen, without spaces';
  return id in Object.prototype ? 'is no name for a model' : undefined;
}
