import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServicesSource, servicesSource } from '../calls/services.ts';
import { profiles, unknownClient } from '../results/profiles.ts';
import { tools } from './index.ts';
import { runTool, type ToolRequest } from './run-tool.ts';

let source: ServicesSource;
beforeAll(async () => {
  const home = await mkdtemp(join(tmpdir(), 'anyimage-run-tool-'));
  source = servicesSource({ ANYIMAGE_HOME: home, ANYIMAGE_KEYCHAIN: 'off', HOME: home, PATH: process.env.PATH });
});
afterAll(() => source.close());

function request(client = unknownClient): ToolRequest {
  const { signal } = new AbortController();
  return {
    services: () => source.get(),
    signal,
    client,
    ask: () => undefined,
    report: () => {},
    clientRoots: async () => [],
  };
}

/** Long words of several kinds, none of which means anything. */
const long = {
  word: 'q'.repeat(5000),
  path: `/${'deep/'.repeat(1000)}boat.png`,
  id: `t-${'0'.repeat(5000)}`,
  picture: `p-${'0'.repeat(5000)}`,
  quoted: '"\\'.repeat(2500),
  data: `data:image/png;base64,${'iVBORw0KGgo'.repeat(1000)}`,
} as const;

const cases = tools.flatMap((tool) => [
  ...Object.keys(tool.inputSchema.properties)
    // What is to be drawn may be long.
    .filter((name) => !/prompt/i.test(name))
    .flatMap((name) =>
      Object.entries(long).map(([kind, value]) => ({
        tool,
        what: `${name}: a long ${kind}`,
        given: { [name]: value },
      })),
    ),
  { tool, what: 'a long name', given: { [long.word]: 1 } },
  { tool, what: 'a long name with quotes', given: { [long.quoted]: 1 } },
  { tool, what: 'a long text in place of arguments', given: long.word },
]);

test.each(cases)('$tool.name, $what: no argument comes back above 80 characters', async ({ tool, given }) => {
  // What is drawn all the same is drawn soon.
  const smallest = tool.inputSchema.properties.size && tool.name === 'generate_image' ? { size: '64x64' } : {};
  const required = tool.inputSchema.required?.includes('images') ? { images: ['boat.png'] } : {};
  const words =
    typeof given === 'object'
      ? { ...(tool.inputSchema.required && { prompt: 'x' }), ...smallest, ...required, ...given }
      : given;
  const result = await runTool(tool, words, request());
  const [argument] =
    typeof given === 'object'
      ? Object.entries(given)
          .flat()
          .filter((one) => String(one).length > 80)
      : [given];
  for (const half of [result.content, result.structuredContent]) {
    const texts = textsIn(half).join('\n');
    expect(texts.length).toBeLessThan(4000);
    for (let at = 0; at + 81 <= String(argument).length; at += 20) {
      expect(texts).not.toContain(String(argument).slice(at, at + 81));
    }
  }
});

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

test('where structure would hide pictures from the model, get_image answers without it, and tools with a schema never do', async () => {
  const tool = (name: string) => tools.find((one) => one.name === name)!;
  for (const client of profiles) {
    const made = await runTool(tool('generate_image'), { prompt: 'a boat', size: '64x64' }, request(client));
    const { images } = made.structuredContent as { images: { id: string; path: string }[] };
    const shown = await runTool(tool('get_image'), { id: images[0]!.id }, request(client));
    expect(shown.content.map(({ type }) => type).slice(0, 2)).toEqual(['text', 'image']);
    expect(shown.structuredContent === undefined, client.name).toBe(client.structureHidesPictures);
    expect(JSON.stringify(shown.content)).toContain(images[0]!.path);
  }
});
