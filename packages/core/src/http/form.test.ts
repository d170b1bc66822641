import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeForm } from './form.ts';

const read = async ({ type, body }: Awaited<ReturnType<typeof encodeForm>>) =>
  new Response(Uint8Array.from(body), { headers: { 'content-type': type } }).formData();

test('texts and files arrive as they are, in their order', async () => {
  const text = fc.string({ unit: 'grapheme' });
  const file = fc.record({ bytes: fc.uint8Array(), name: fc.constantFrom('a.png', 'a "b".png', 'ä.webp') });
  const entry = fc.tuple(fc.constantFrom('prompt', 'image', 'image[]', 'a"b'), fc.oneof(text, file));
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 6 }), async (entries) => {
      const form = new FormData();
      for (const [name, value] of entries) {
        if (typeof value === 'string') form.append(name, value);
        else form.append(name, new File([Uint8Array.from(value.bytes)], value.name, { type: 'image/png' }));
      }
      if (entries.length === 0) form.append('prompt', '');
      const arrived = [...(await read(await encodeForm(form)))];
      const shown = (list: Iterable<[string, File | string]>) =>
        Promise.all([...list].map(async ([name, value]) => [name, await contentOf(value)]));
      expect(await shown(arrived)).toEqual(await shown([...form]));
    }),
  );
});

test.each(['one\ntwo', 'one\rtwo', 'one\r\ntwo', '\n', 'ends\n'])(
  'the lines of %j end as they were written',
  async (prompt) => {
    const form = new FormData();
    form.append('prompt', prompt);
    expect((await read(await encodeForm(form))).get('prompt')).toBe(prompt);
  },
);

test('no name of a field or file begins a head of its own', async () => {
  const form = new FormData();
  form.append('a"\r\nX: y', new File(['z'], 'b"\r\nX: y', { type: 'image/png' }));
  const text = Buffer.from((await encodeForm(form)).body).toString();
  expect(text).toContain('name="a%22%0D%0AX: y"; filename="b%22%0D%0AX: y"');
});

async function contentOf(value: File | string): Promise<unknown> {
  if (typeof value === 'string') return value;
  return [value.name, value.type, Buffer.from(await value.arrayBuffer()).toString('hex')];
}
