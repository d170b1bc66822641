import { expect, test } from 'vitest';
import { overrideProblem, profileOf, profiles, unknownClient } from './profiles.ts';

test.each([
  ['claude-ai', 'claude-desktop'],
  ['claude-ai (via mcp-remote 0.1.37)', 'claude.ai'],
  ['Anthropic/ClaudeAI', 'claude.ai'],
  ['claude-code', 'claude-code'],
  ['Claude Code', 'claude-code'],
  ['cursor-vscode', 'cursor'],
  ['Visual Studio Code', 'vscode'],
  ['Visual Studio Code - Insiders', 'vscode'],
  ['Visual-Studio-Code', 'vscode'],
  ['openai-mcp', 'chatgpt'],
  ['codex-mcp-client', 'codex'],
  ['gemini-cli-mcp-client', 'gemini-cli'],
  ['gemini-cli-mcp-client-anyimage', 'gemini-cli'],
  ['Cline', 'cline'],
  ['goose', 'goose'],
  ['goose-desktop', 'goose'],
  ['Zed', 'zed'],
  ['opencode', 'opencode'],
  ['vscode', 'vscode'],
  ['VS Code', 'vscode'],
  ['Gemini CLI', 'gemini-cli'],
  ['claude desktop', 'claude-desktop'],
  ['inspector-client', 'unknown'],
  ['cursorless', 'unknown'],
  ['', 'unknown'],
])('a client that gives the name %s is %s', (name, wanted) => {
  expect(profileOf({ name }, {}, '').name).toBe(wanted);
});

test('a client without a name is unknown; one that offers folders works on files', () => {
  expect(profileOf(undefined, undefined, '')).toEqual(unknownClient);
  expect(profileOf({ name: 'x' }, { roots: {} }, '')).toEqual({ ...unknownClient, readsFiles: true });
});

test('every profile has another name, and leaves room for the rest of an answer', () => {
  expect(new Set(profiles.map(({ name }) => name)).size).toBe(13);
  for (const { preview, waitSeconds } of profiles) {
    expect(preview.bytes).toBeLessThanOrEqual(400_000);
    expect(waitSeconds).toBeGreaterThanOrEqual(30);
  }
});

test('a person may name the client, and set single fields', () => {
  const client = { name: 'claude-code' };
  expect(profileOf(client, {}, 'Cursor').name).toBe('cursor');
  expect(profileOf(client, {}, 'cursor side=1024,count=2 format=png tellsPath=no')).toMatchObject({
    name: 'cursor',
    preview: { side: 1024, count: 2, format: 'png' },
    tellsPath: false,
  });
  expect(profileOf(client, {}, 'link=no')).toEqual({ ...profileOf(client, {}, ''), link: false });
  expect(overrideProblem('cursor side=1024')).toBeUndefined();
  expect(overrideProblem('')).toBeUndefined();
  const unfilled = `${'$'}{CLIENT}`;
  expect(overrideProblem(unfilled)).toBeUndefined();
  expect(profileOf(client, {}, unfilled)).toEqual(profileOf(client, {}, ''));
});

test.each(['curser', 'side=large', 'count=1000', 'sides=9', 'link=', 'format=gif', 'toString=1'])(
  '%s is told as what it is, and does nothing',
  (text) => {
    expect(overrideProblem(text)).toMatchObject({ code: 'config', hint: expect.stringContaining('The person') });
    expect(profileOf({ name: 'Zed' }, {}, text).name).toBe('zed');
  },
);
