// JSON that does not stand alone: documents one behind the other or in lines, with other text around them, with figures that are no
// JSON. Programs print such things, and gateways put them together.

/** What was found in a text. */
export interface Documents {
  /** Objects, and lists that hold objects, in their order. */
  readonly documents: readonly unknown[];
  /** The text without them. */
  readonly rest: string;
}

/** Of what begins like JSON and is none so much is looked at, characters. */
const longestOther = 2 * 2 ** 20;
const sign = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}]/gs;
/** A string, or what Python and others write for figures that JSON does not have. */
const figure = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/gs;

/**
 * The documents of a text, `undefined` if there is none. One that breaks off is text. Figures that JSON does not have are `null`.
 * `revive` is called for every value, as `JSON.parse` does.
 */
export function documentsIn(text: string, revive?: (name: string, value: unknown) => unknown): Documents | undefined {
  const documents: unknown[] = [];
  const between: string[] = [];
  let [from, other] = [0, 0];
  while (other < longestOther) {
    const start = from + text.slice(from).search(/[[{]/);
    const end = start < from ? undefined : endOf(text, start);
    if (end === undefined) break;
    const found = documentOf(text.slice(start, end), revive);
    if (found === undefined) {
      between.push(text.slice(from, start + 1));
      other += end - start;
      from = start + 1;
    } else {
      between.push(text.slice(from, start));
      documents.push(found);
      from = end;
    }
  }
  return documents.length > 0 ? { documents, rest: between.join('') + text.slice(from) } : undefined;
}

/** Behind the bracket that closes the one at `start`; `undefined` if nothing does. */
function endOf(text: string, start: number): number | undefined {
  let depth = 0;
  sign.lastIndex = start;
  for (let found = sign.exec(text); found; found = sign.exec(text)) {
    if (found[0] === '[' || found[0] === '{') depth += 1;
    else if (found[0] === ']' || found[0] === '}') depth -= 1;
    if (depth === 0) return sign.lastIndex;
  }
  return undefined;
}

function documentOf(text: string, revive: Parameters<typeof documentsIn>[1]): unknown {
  try {
    const value: unknown = JSON.parse(
      text.replace(figure, (said) => (said.startsWith('"') ? said : 'null')),
      revive,
    );
    const isOne = !Array.isArray(value) || value.some((item) => typeof item === 'object' && item !== null);
    return isOne ? value : undefined;
  } catch {
    return undefined;
  }
}
