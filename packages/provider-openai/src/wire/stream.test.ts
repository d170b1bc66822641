import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readModels } from './models.ts';
import { readEvent } from './stream.ts';

const event = (name: string, data: unknown) => ({ event: name, data: JSON.stringify(data) });

describe('an event', () => {
  test.each(['image_generation', 'image_edit'])('of %s is a partial picture or the last one', (kind) => {
    expect(readEvent(event(`${kind}.partial_image`, { b64_json: 'AQID', partial_image_index: 2 }))).toEqual({
      partial: new Uint8Array([1, 2, 3]),
    });
    const usage = { output_tokens: 7 };
    expect(readEvent(event(`${kind}.completed`, { b64_json: 'AQID', usage, size: '1024x1024' }))).toEqual({
      done: { b64_json: 'AQID', usage, size: '1024x1024', data: [{ b64_json: 'AQID' }] },
    });
  });

  test('without a name is known by its type', () => {
    const data = { type: 'image_generation.completed', b64_json: 'AQID' };
    expect(readEvent(event('message', data))).toHaveProperty('done');
  });

  test('may be an error, whole or bare', () => {
    const error = { code: 'moderation_blocked', message: 'no' };
    expect(readEvent(event('error', { type: 'error', error }))).toEqual({ failed: { type: 'error', error } });
    expect(readEvent(event('error', error))).toEqual({ failed: { error } });
  });

  test('of another kind, and the end of the list, say nothing', () => {
    expect(readEvent({ event: 'message', data: '[DONE]' })).toBeUndefined();
    expect(readEvent(event('image_generation.started', {}))).toBeUndefined();
    expect(readEvent(event('response.completed', {}))).toBeUndefined();
  });

  test('is a picture, whatever is said beside it', () => {
    const names = ['type', 'error', 'usage', 'created_at', 'partial_image_index'];
    const beside = fc.record(Object.fromEntries(names.map((name) => [name, fc.jsonValue()])), { requiredKeys: [] });
    fc.assert(
      fc.property(beside, (odd) => {
        const data = { ...odd, b64_json: 'AQID' };
        expect(readEvent(event('image_edit.completed', data))).toMatchObject({
          done: { data: [{ b64_json: 'AQID' }] },
        });
      }),
    );
    const odd = { b64_json: 'AQID', partial_image_index: '2', error: {} };
    expect(readEvent(event('image_edit.partial_image', odd))).toHaveProperty('partial');
  });

  test('that is no JSON object says nothing: the picture may still come', () => {
    const nonObject = fc.oneof(
      fc.string().filter((text) => text.trim() !== '[DONE]' && !text.trim().startsWith('{')),
      fc.constantFrom('null', '7', '[1]', '{"a":'),
    );
    fc.assert(
      fc.property(nonObject, (data) => {
        expect(readEvent({ event: 'image_generation.completed', data })).toBeUndefined();
      }),
    );
  });
});

describe('the list of models', () => {
  test.each([
    [
      {
        object: 'list',
        data: [
          { id: 'a', shutdown_date: '2026-12-01' },
          { id: 'b', shutdown_date: null },
        ],
      },
    ],
    [[{ id: 'a', shutdown_date: '2026-12-01', object: 'model' }, { id: 'b' }, { name: 'no id' }, 7]],
  ])('is read from %j', (body) => {
    expect(readModels(body)).toEqual([{ id: 'a', retires: '2026-12-01' }, { id: 'b' }]);
  });

  test.each([undefined, {}, 'text', { data: 'x' }])('is not in %j', (body) => {
    expect(readModels(body)).toBeUndefined();
  });
});
