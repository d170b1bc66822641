// A line of a shell as words: what bash hands over is the line as it is typed.

/** The words of a line, without the program's own, and the last one, which is being typed ('' after a space). */
export function wordsOf(line: string): { readonly words: readonly string[]; readonly current: string } {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const sign = line[at]!;
    if (quote === "'") {
      if (sign === quote) quote = undefined;
      else word += sign;
    } else if (sign === '\\' && at + 1 < line.length) word = (word ?? '') + line[++at]!;
    else if (sign === quote) quote = undefined;
    else if (quote === undefined && (sign === '"' || sign === "'")) {
      quote = sign;
      word ??= '';
    } else if (quote === undefined && /\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + sign;
  }
  const start = words.findIndex((one) => !/^\w+=/.test(one)) + 1;
  return { words: words.slice(start), current: word ?? '' };
}
