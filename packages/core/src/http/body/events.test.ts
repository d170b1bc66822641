import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEvents } from './events.ts';

async function* parted(bytes: Uint8Array, cuts: readonly number[]) {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let index = 1; index < edges.length; index++) yield bytes.slice(edges[index - 1], edges[index]);
}

const read = (text: string, cuts: readonly number[] = []) =>
  Array.fromAsync(readEvents(parted(Buffer.from(text), cuts)));

describe('server-sent events', () => {
  test.each([
    ['a message', 'data: hello\n\n', [{ event: 'message', data: 'hello' }]],
    ['a named event', 'event: partial\ndata: {"i":0}\n\n', [{ event: 'partial', data: '{"i":0}' }]],
    ['several data lines', 'data: one\ndata:two\ndata\n\n', [{ event: 'message', data: 'one\ntwo\n' }]],
    ['only one space is dropped', 'data:  two spaces\n\n', [{ event: 'message', data: ' two spaces' }]],
    ['comments, ids and retry are skipped', ': ping\nid: 7\nretry: 10\ndata: x\n\n', [{ event: 'message', data: 'x' }]],
    ['an event without data is none', 'event: ping\n\ndata: x\n\n', [{ event: 'message', data: 'x' }]],
    ['colons in the data stay', 'data: a: b\n\n', [{ event: 'message', data: 'a: b' }]],
    ['a byte order mark is dropped', '\ufeffdata: x\n\n', [{ event: 'message', data: 'x' }]],
    ['an unfinished event is dropped', 'data: x\n\ndata: y\n', [{ event: 'message', data: 'x' }]],
    [
      'returns end lines',
      'data: x\r\rdata: y\r\r',
      [
        { event: 'message', data: 'x' },
        { event: 'message', data: 'y' },
      ],
    ],
    ['line separators of Unicode do not', 'data: a\u2028b\n\n', [{ event: 'message', data: 'a\u2028b' }]],
  ])('%s', async (_, text, events) => {
    expect(await read(text)).toEqual(events);
  });

  test('any events in any line ends and any chunks come out as they went in', async () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n]/g, ' '));
    const events = fc.array(
      fc.record({
        event: line.filter((name) => name !== '' && !name.startsWith('\ufeff')),
        lines: fc.array(line, { minLength: 1, maxLength: 3 }),
        comment: line,
      }),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(
        events,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat(), { maxLength: 15 }),
        async (list, end, cuts) => {
          const text = list
            .map(({ event, lines, comment }) =>
              [`:${comment}`, `event: ${event}`, ...lines.map((data) => `data: ${data}`), '', ''].join(end),
            )
            .join('');
          expect(await read(text, cuts)).toEqual(list.map(({ event, lines }) => ({ event, data: lines.join('\n') })));
        },
      ),
    );
  });

  test('events come out before the body ends', async () => {
    let open = true;
    async function* body() {
      yield Buffer.from('data: first\r');
      yield Buffer.from('\n\r');
      yield Buffer.from('\ndata: second\n\n');
      open = false;
    }
    const events = readEvents(body());
    expect((await events.next()).value).toEqual({ event: 'message', data: 'first' });
    expect((await events.next()).value).toEqual({ event: 'message', data: 'second' });
    expect(open).toBe(true);
    expect((await events.next()).done).toBe(true);
  });

  test('an event of more than 64 Mi characters is refused', async () => {
    async function* body() {
      const block = Buffer.alloc(2 ** 20, 'x');
      yield Buffer.from('data: ');
      for (let count = 0; count < 70; count++) yield block;
    }
    await expect(readEvents(body()).next()).rejects.toMatchObject({ code: 'bad-response' });
  });
});
