import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromChat, toChat } from './chat.ts';

test('a question is one of the system and one of the user', () => {
  expect(toChat('some-text', { system: 'Translate.', user: '雪山' })).toEqual({
    model: 'some-text',
    messages: [
      { role: 'system', content: 'Translate.' },
      { role: 'user', content: '雪山' },
    ],
  });
});

test('an answer is text and tokens', () => {
  const choices = [{ message: { content: ' A snowy mountain\n' }, finish_reason: 'stop' }];
  expect(fromChat({ choices, usage: { prompt_tokens: 9, completion_tokens: 4 } })).toEqual({
    text: 'A snowy mountain',
    usage: { textIn: 9, textOut: 4 },
  });
  expect(fromChat({ choices })).toEqual({ text: 'A snowy mountain' });
});

test.each([
  [{ choices: [{ message: { content: '' }, finish_reason: 'content_filter' }] }, 'content-blocked', false],
  [{ choices: [{ message: { content: '' }, finish_reason: 'sensitive' }] }, 'content-blocked', false],
  [{ choices: [{ message: { content: 'A sn' }, finish_reason: 'length' }] }, 'invalid-request', false],
  [{ choices: [{ finish_reason: 'model_context_window_exceeded' }] }, 'invalid-request', false],
  [{ choices: [{ finish_reason: 'network_error' }] }, 'server', true],
  [{ choices: [{ finish_reason: 'stop', message: { content: '  ' } }] }, 'bad-response', true],
  [{ choices: [] }, 'bad-response', true],
  [undefined, 'bad-response', true],
])('the answer %j is an error', (body, code, retryable) => {
  expect(() => fromChat(body)).toThrow(expect.objectContaining({ code, retryable, mayHaveBeenBilled: false }));
});

test('the text is read whatever stands beside it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (usage, other) => {
      const choices = [{ message: { content: 'A boat', role: other }, index: other, logprobs: usage }];
      expect(fromChat({ choices, usage, id: other, error: other }).text).toBe('A boat');
    }),
  );
});
