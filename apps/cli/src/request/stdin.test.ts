import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test, vi } from 'vitest';
import { isStdin, pictureOn, readPromptOn } from './stdin.ts';

const none = () => {};
/** A png of one pixel. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const picture = Buffer.from(pixel, 'base64');

test.each([
  ['UTF-8', Buffer.from('ein Boot, 猫\n')],
  ['UTF-8 with a mark', Buffer.from('\ufeffein Boot, 猫\r\n')],
  ['UTF-16, as Windows pipes it', Buffer.from('\ufeffein Boot, 猫\r\n', 'utf16le')],
])('a prompt is read as %s', async (_, bytes) => {
  expect(await readPromptOn(Readable.from([bytes]), none)).toBe('ein Boot, 猫');
});

test.each([
  ['a picture', [picture], /is a picture.*-i -/],
  ['bytes that are no text', [Buffer.from([0xff, 0x00, 0x81])], /is no text/],
  ['text with a zero in it', [Buffer.from('a\0b')], /is no text/],
  ['what is too long', Array.from({ length: 5 }, () => Buffer.alloc(2 ** 20, 'a')), /is longer than/],
])('%s is no prompt', async (_, chunks, message) => {
  const error = await readPromptOn(Readable.from(chunks), none).catch((error: Error & { hint?: string }) => error);
  expect(error).toMatchObject({ code: 'invalid-request' });
  const { message: said, hint } = error as Error & { hint?: string };
  expect(`${said} ${hint}`).toMatch(message);
});

test('a folder as stdin is told as one', async () => {
  const broken = new Readable({ read: () => broken.destroy(Object.assign(new Error('x'), { code: 'EISDIR' })) });
  await expect(readPromptOn(broken, none)).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringContaining('it is a folder'),
  });
});

test.each(['prompt', 'picture'] as const)('an open pipe on which no %s comes is told once, after 2 s', async (what) => {
  vi.useFakeTimers();
  try {
    const pipe = new PassThrough();
    const told: string[] = [];
    const tell = (one: string) => told.push(one);
    const reading = what === 'prompt' ? readPromptOn(pipe, tell) : buffer(pictureOn(pipe, tell));
    await vi.advanceTimersByTimeAsync(1999);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told).toEqual([what]);
    pipe.end('a boat');
    expect(String(await reading)).toBe('a boat');
    expect(told).toEqual([what]);
  } finally {
    vi.useRealTimers();
  }
});

test('a pipe without a picture is told as such', async () => {
  const empty = new PassThrough();
  empty.end();
  await expect(buffer(pictureOn(empty, none))).rejects.toMatchObject({ message: 'nothing came on stdin' });
});

test('a picture is not waited for on a terminal', () => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true });
  expect(() => pictureOn(terminal, none)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
});

test('stdin has several names', () => {
  expect(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'].every(isStdin)).toBe(true);
  expect(['--', '/dev/fd/10', 'a-', 'stdin', undefined].some(isStdin)).toBe(false);
});
