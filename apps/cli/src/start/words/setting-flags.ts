// Flags that are settings of whatever command: they go to where settings are read. Every start loads this file: it imports nothing.

/** By the flag, the variable that it stands for. A flag without a value sets it to 1. */
const flags: Readonly<Record<string, { readonly env: string; readonly hasValue: boolean }>> = {
  '--profile': { env: 'ANYIMAGE_PROFILE', hasValue: true },
  '--log-file': { env: 'ANYIMAGE_LOG_FILE', hasValue: true },
  '--verbose': { env: 'ANYIMAGE_VERBOSE', hasValue: false },
};

/**
 * The words without those flags, which are set in `env`. What stands after a `--` is no flag; one without its value is left to the parser,
 * which says what is missing.
 */
export function takeSettingFlags(words: readonly string[], env: NodeJS.ProcessEnv): readonly string[] {
  const end = words.indexOf('--');
  const left: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const [name = '', typed] = word.split(/=(.*)/s);
    const flag = (end < 0 || at < end) && Object.hasOwn(flags, name) ? flags[name] : undefined;
    const value = flag?.hasValue ? (typed ?? words[at + 1]) : typed === undefined ? '1' : undefined;
    if (!flag || !value || (flag.hasValue && value.startsWith('-'))) {
      left.push(word);
      continue;
    }
    env[flag.env] = value;
    if (flag.hasValue && typed === undefined) at += 1;
  }
  return left;
}
