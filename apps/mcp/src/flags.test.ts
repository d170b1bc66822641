import { expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { readFlags } from './flags.ts';

test.each([[['--compat', 'universal-image-generator']], [['--compat=universal-image-generator']]])(
  '%j: the place of another server is taken',
  (words) => {
    expect(readFlags(words, { IMAGE_PROVIDER: 'google' })).toMatchObject({ offer: { toolsAlone: true } });
  },
);

test.each([
  [['--help'], /^anyimage-mcp is an MCP server.*--compat NAME .*universal-image-generator/s],
  [['-h'], /Usage: anyimage-mcp/],
  [['--compat', 'other', '--help'], /Usage: anyimage-mcp/],
  [['--version'], new RegExp(`^${manifest.version}$`)],
  [['-V'], new RegExp(`^${manifest.version}$`)],
])('%j is answered, and nothing is served', (words, text) => {
  expect(readFlags(words, {})).toEqual({ text: expect.stringMatching(text), code: 0 });
});

test.each([
  [['--compatt', 'x'], /^error: --compatt is no flag of anyimage-mcp\. Did you mean --compat\?$/],
  [['version'], /^error: version is no flag of anyimage-mcp\. Did you mean --version\?$/],
  [
    ['--port=80'],
    /^error: “--port=80” is no flag.*It takes --compat universal-image-generator, --help and --version\.$/,
  ],
  [['--compat'], /^error: --compat needs the name of a server\. It takes --compat universal-image-generator/],
  [['--compat', 'universal-image-genrator'], /Did you mean universal-image-generator\?$/],
  [['--compat', 'universal-image-generator', 'more'], /^error: more is one word too many/],
  [['x'.repeat(5000)], /^error: .{1,100} is no flag/],
])('%j is refused with the nearest', (words, text) => {
  expect(readFlags(words, {})).toEqual({ text: expect.stringMatching(text), code: 2 });
});
