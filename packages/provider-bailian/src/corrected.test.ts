// Facts that were wrong before 2026-11-28, each with what it is now. Sources: docs/providers/bailian.md.

import { type ClientRequest, createClient, modelStatus } from '@anyimage/core';
import { drawTestCard, type Emulator } from '@anyimage/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { models } from './capabilities.ts';
import { emulator } from './emulator.ts';
import { bailian } from './provider.ts';

const legacy = [
  ...(['qwen-image', 'qwen-image-plus', 'qwen-image-max'] as const),
  ...(['qwen-image-edit', 'qwen-image-edit-plus', 'qwen-image-edit-max'] as const),
] as const;
const official = 'https://www.alibabacloud.com/help/';
const boat = drawTestCard({ prompt: 'a boat', width: 512, height: 512 });

let service: Emulator;
beforeAll(async () => {
  service = await emulator.start();
});
afterEach(() => service.reset());
afterAll(() => service.close());

async function bodyOf(words: ClientRequest) {
  const client = createClient({ providers: [bailian()], env: service.env });
  try {
    const { warnings } = await client.generate({ prompt: 'a red kite', ...words });
    return { body: service.requests[0]!.body as { parameters: object; input: object }, warnings };
  } finally {
    await client.close();
  }
}

describe('facts corrected on 2026-11-28', () => {
  test.each(legacy)('%s is one of the legacy models', (id) => {
    expect(modelStatus(models[id], '2026-09-01')).toBe('stable');
    expect(modelStatus(models[id], '2026-09-02')).toBe('deprecated');
  });

  test.each(['qwen-image-3.0', 'qwen-image-3.0-pro'] as const)('%s picks a size where none is asked', async (id) => {
    const { body } = await bodyOf({ model: `bailian/${id}` });
    expect(body.parameters).not.toHaveProperty('size');
    expect(models[id].source).toContain(official);
    expect(models[id].checked).toBe('2026-11-28');
  });

  test('qwen-image-2.1-pro is there, and edits ten pictures', async () => {
    const images = Array<Uint8Array>(10).fill(boat);
    const { body, warnings } = await bodyOf({ model: 'bailian/qwen-image-2.1-pro', images, size: '4096x512' });
    expect(body).toMatchObject({ model: 'qwen-image-2.1-pro', parameters: { n: 1, size: '4096*512' } });
    expect(warnings).toEqual([]);
    service.reset();
    const more = bodyOf({ model: 'bailian/qwen-image-2.1-pro', images: [...images, boat] });
    await expect(more).rejects.toMatchObject({ code: 'unsupported', details: { option: 'images' } });
    expect(service.requests).toEqual([]);
  });

  test.each(['wan2.7-image', 'wan2.7-image-pro'] as const)('%s has a page of the service itself', (id) => {
    expect([models[id].source.startsWith(official), models[id].checked]).toEqual([true, '2026-11-28']);
  });
});
