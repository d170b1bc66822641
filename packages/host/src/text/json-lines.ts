// Where things are in a JSON text: what a parser does not tell, and a person needs to find a mistake.

/** The line, from 1, of the member or item at a path of valid JSON; of the last part of the path that exists. */
export function lineOf(text: string, path: readonly PropertyKey[]): number {
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g)];
  let at = 0;
  let found = tokens[0]?.index ?? 0;
  const read = () => tokens[at]?.[0] ?? '';

  /** Reads past a value. Calls `visit` with the name of each member, and stops at the first for which it returns true. */
  function pass(visit: (name: string) => boolean = () => false): boolean {
    const open = read();
    at += 1;
    if (open !== '{' && open !== '[') return false;
    for (let index = 0; at < tokens.length && !/^[}\]]$/.test(read()); index++) {
      const start = tokens[at]!.index;
      const name = open === '{' ? JSON.parse(read()) : String(index);
      if (open === '{') at += 2;
      if (visit(name)) {
        found = start;
        return true;
      }
      pass();
      if (read() === ',') at += 1;
    }
    at += 1;
    return false;
  }

  for (const part of path) if (!pass((name) => name === String(part))) break;
  return text.slice(0, found).split('\n').length;
}

/** The line that a parser's error speaks of; `undefined` if it names none. */
export function lineOfSyntaxError(text: string, error: unknown): number | undefined {
  const message = error instanceof Error ? error.message : '';
  const line = /line (\d+)/.exec(message)?.[1];
  if (line !== undefined) return Number(line);
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return text.slice(0, Number(position)).split('\n').length;
  return /end of JSON/.test(message) ? text.split('\n').length : undefined;
}
