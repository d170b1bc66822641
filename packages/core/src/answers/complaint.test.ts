import { expect, test } from 'vitest';
import { failureIn, wordsIn } from './complaint.ts';

const failure = { error: { code: 'insufficient_quota', message: 'empty' } };

test.each<[name: string, body: unknown]>([
  ['a list', [failure]],
  ['the last of several messages', { messages: [{ type: 'start' }, failure] }],
  ['a field called messages beside it', { ...failure, messages: [] }],
])('a failure is found in %s', (_, body) => {
  expect(failureIn(body)).toMatchObject({ codes: ['insufficient_quota'], message: 'empty' });
});

test.each<[name: string, body: unknown, codes: string[], message?: string]>([
  ['a message', { choices: [{ message: { content: null, refusal: 'I cannot.' } }] }, ['content_filter'], 'I cannot.'],
  ['the end of a choice', { choices: [{ finish_reason: 'content_filter' }] }, ['content_filter', 'content_filter']],
  ['a part', { output: [{ content: [{ type: 'refusal', refusal: 'No.' }] }] }, ['content_filter'], 'No.'],
  [
    'details',
    { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
    ['content_filter', 'content_filter'],
  ],
  ['the end of a candidate', { candidates: [{ finishReason: 'IMAGE_SAFETY' }] }, ['IMAGE_SAFETY', 'content_filter']],
  ['the end of a message', { type: 'message', stop_reason: 'refusal', content: [] }, ['refusal', 'content_filter']],
  [
    'the block of a prompt',
    { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } },
    ['PROHIBITED_CONTENT', 'content_filter'],
  ],
  ['a piece of a stream', { messages: [{ choices: [{ delta: { refusal: 'No.' } }] }] }, ['content_filter'], 'No.'],
])('a model refuses in %s', (_, body, codes, message) => {
  expect(failureIn(body)).toEqual({ codes, ...(message !== undefined && { message }) });
});

test.each([
  { choices: [{ finish_reason: 'stop', message: { content: 'safety first', refusal: null } }] },
  { candidates: [{ finishReason: 'STOP' }], reason: 'done' },
  { messages: [{ status: 'queued' }] },
  [],
  null,
  'refusal',
])('%j complains of nothing', (body) => {
  expect(failureIn(body)).toBeUndefined();
});

test.each<[name: string, body: unknown]>([
  ['a chat', { choices: [{ message: { role: 'assistant', content: 'Which boat?' } }] }],
  ['parts of a chat', { choices: [{ message: { content: [{ type: 'text', text: 'Which ' }, { text: 'boat?' }] } }] }],
  ['responses', { output: [{ type: 'reasoning' }, { content: [{ type: 'output_text', text: 'Which boat?' }] }] }],
  ['messages', { role: 'assistant', content: [{ type: 'text', text: 'Which boat?' }] }],
  ['Gemini', { candidates: [{ content: { parts: [{ text: 'Which boat?' }] } }] }],
  ['Ollama', { model: 'm', message: { role: 'assistant', content: 'Which boat?' }, done: true }],
  ['a stream', { messages: ['Which ', 'boat?'].map((content) => ({ choices: [{ delta: { content } }] })) }],
])('what a model wrote in the form of %s', (_, body) => {
  expect(wordsIn(body)).toBe('Which boat?');
});

test('what is no chat has no words', () => {
  expect(wordsIn({ data: [{ text: 'a' }], prompt: { text: 'b' }, message: 'c' })).toBeUndefined();
});
