import { expect, test } from 'vitest';
import { readLine, refuseLongLine } from './messages.ts';

const read = (line: string) => readLine(Buffer.from(line));
const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

test('a message is passed on, without what no message has', () => {
  expect(read(JSON.stringify({ ...ping, extra: 1, params: null })).messages).toEqual([ping]);
  expect(read(`${JSON.stringify(ping)}\r`).messages).toEqual([ping]);
});

test('a list of messages is read one by one', () => {
  const { messages, refusals } = read(JSON.stringify([ping, { ...ping, id: 2 }, 5]));
  expect(messages).toHaveLength(2);
  expect(refusals).toMatchObject([{ id: null, error: { code: -32600 } }]);
});

test.each([
  ['nonsense', -32700, null],
  ['{"jsonrpc":"2.0","id":1,"method":"ping"', -32700, null],
  ['[]', -32600, null],
  ['5', -32600, null],
  ['null', -32600, null],
  ['"ping"', -32600, null],
  ['{}', -32600, null],
  ['{"jsonrpc":"1.0","id":7,"method":"ping"}', -32600, 7],
  ['{"id":"a","method":"ping"}', -32600, 'a'],
  ['{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600, null],
  ['{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600, null],
  ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600, 1.5],
  ['{"jsonrpc":"2.0","id":3,"method":5}', -32600, 3],
  ['{"jsonrpc":"2.0","id":3,"method":"ping","params":[1]}', -32600, 3],
  ['{"jsonrpc":"2.0","id":3,"method":"ping","params":"x"}', -32600, 3],
])('%s is answered as JSON-RPC says', (line, code, id) => {
  const { messages, refusals } = read(line);
  expect(messages).toEqual([]);
  expect(refusals).toEqual([{ jsonrpc: '2.0', id, error: { code, message: expect.any(String) } }]);
});

test.each([
  '',
  '\r',
  '{"jsonrpc":"2.0","method":"notifications/x","params":5}',
  '{"jsonrpc":"2.0","id":[],"result":5}',
  '{"jsonrpc":"2.0","id":1,"error":5}',
])('%s gets no answer: it is no request', (line) => {
  expect(read(line)).toEqual({ messages: [], refusals: [] });
});

test.each([
  ['{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"x":"', 'y"}}', 5],
  ['{"method":"tools/call","params":{"x":"', '"},"jsonrpc":"2.0","id":"a-7"}', 'a-7'],
  ['{"method":"tools/call","params":{"x":"', '"},"id":7,"jsonrpc":"2.0"}', 7],
  ['{ "id" : 9 , "jsonrpc" : "2.0", "params":{"x":"', 'y"}}', 9],
  ['{"method":"tools/call","params":{"x":"', '","id":7}}', null],
  ['{"method":"tools/call","params":{"id":7,"x":"', '"}}', null],
  ['nonsense', 'more of it', null],
])('the id of a message that is too long is found: %s … %s', (start, end, id) => {
  expect(refuseLongLine({ start, end, bytes: 200 }, 100)).toMatchObject({ id, error: { code: -32600 } });
});

test('a long message of one text is read, one of too many values is refused without being parsed', () => {
  const long = { ...ping, params: { data: 'x\\"'.repeat(700_000) } };
  expect(read(JSON.stringify(long)).messages).toEqual([long]);
  const wide = `{"jsonrpc":"2.0","id":4,"method":"ping","params":{"a":[${'[],'.repeat(800_000)}0]}}`;
  expect(read(wide).refusals).toMatchObject([{ id: 4, error: { code: -32600 } }]);
});

test('a message nested however deep is read or refused, and ends nobody', () => {
  const deep = `{"jsonrpc":"2.0","id":4,"method":"ping","params":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`;
  const { messages, refusals } = read(deep);
  expect(messages.length + refusals.length).toBe(1);
});
