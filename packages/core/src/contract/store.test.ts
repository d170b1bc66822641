import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryImageStore } from './store.ts';

const hint = { id: 't-1-0', model: 'paint/one', prompt: 'x', index: 0, count: 1 };
const facts = { mediaType: 'image/png', width: 1, height: 1, byteLength: 0 };
const prompt = { original: 'x', sent: 'x' };
const record = { model: 'paint/one', prompt, applied: [], warnings: [], timings: { totalMs: 1 } };

test('a picture in memory is what was written, whatever length was announced', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 6 }),
      fc.option(fc.nat(150), { nil: undefined }),
      async (chunks, announced) => {
        const writer = await memoryImageStore().open(hint);
        if (announced !== undefined) writer.expect!(announced);
        for (const chunk of chunks) await writer.write(chunk);
        const stored = await writer.commit(facts, record);
        const whole = Buffer.concat(chunks);
        expect(Buffer.from(await stored.bytes())).toEqual(whole);
        expect(Buffer.from(await new Response(stored.stream()).arrayBuffer())).toEqual(whole);
      },
    ),
  );
});
