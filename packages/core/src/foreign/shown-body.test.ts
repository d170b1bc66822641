import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shownBody } from './shown-body.ts';

test('names, numbers and short words are shown; texts, pictures and addresses only by how much', () => {
  const form = new FormData();
  form.set('model', 'boat-1');
  form.set('prompt', 'boat');
  form.set('image', new File([new Uint8Array(7)], 'private.png', { type: 'image/png' }));
  expect(
    shownBody({
      model: 'boat-1',
      size: '1024x1024',
      seed: 7,
      watermark: false,
      negative_prompt: 'rain',
      input: 'boat',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'boat' }] }],
      image: 'https://example.com/a.png?signature=1',
      mask: 'data:image/png;base64,AAAA'.padEnd(100, 'A'),
      picture: new Uint8Array(9),
      user: 'me',
      nothing: null,
    }),
  ).toEqual({
    model: 'boat-1',
    size: '1024x1024',
    seed: 7,
    watermark: false,
    negative_prompt: '(4 characters)',
    input: '(4 characters)',
    messages: [{ role: 'user', content: [{ type: 'text', text: '(4 characters)' }] }],
    image: 'https://example.com/… (37 characters)',
    mask: '(100 characters)',
    picture: '(9 bytes)',
    user: '(2 characters)',
    nothing: null,
  });
  expect(shownBody(form)).toEqual({ model: 'boat-1', prompt: '(4 characters)', image: '(7 bytes, image/png)' });
});

test('what a service says of itself is shown', () => {
  const body = { error: { code: '1301', message: 'the model is not there' }, data: [{ revised_prompt: 'a boat' }] };
  expect(shownBody(body)).toEqual({ ...body, data: [{ revised_prompt: '(6 characters)' }] });
});

test('a text of several words is nowhere, unless a service says it of itself', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom('a', 'image', 'url', 'extra', 'x'),
        fc.json().map((text) => `my secret ${text}`),
      ),
      (body) => {
        expect(JSON.stringify(shownBody({ input: body, list: [body] }))).not.toContain('secret');
      },
    ),
  );
});
