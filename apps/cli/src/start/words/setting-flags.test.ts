import { expect, test } from 'vitest';
import { takeSettingFlags } from './setting-flags.ts';

function take(...words: string[]) {
  const env: NodeJS.ProcessEnv = {};
  return { left: takeSettingFlags(words, env), env };
}

test('they may stand beside any command, in both forms', () => {
  expect(take('models', '--verbose', '--refresh', '--log-file', 'x.jsonl')).toEqual({
    left: ['models', '--refresh'],
    env: { ANYIMAGE_VERBOSE: '1', ANYIMAGE_LOG_FILE: 'x.jsonl' },
  });
  expect(take('--profile=work', '--log-file=a=b', 'a boat')).toEqual({
    left: ['a boat'],
    env: { ANYIMAGE_PROFILE: 'work', ANYIMAGE_LOG_FILE: 'a=b' },
  });
});

test('what stands after -- is no flag, and one without its value is left to the parser', () => {
  for (const words of [
    ['--', '--verbose'],
    ['a boat', '--profile'],
    ['--log-file', '--json'],
    ['--profile='],
    ['--verbose=no'],
  ]) {
    expect(take(...words)).toEqual({ left: words, env: {} });
  }
});
