import { ImageError } from '../../contract/errors.ts';

/** One server-sent event. */
export interface ServerEvent {
  /** `message` unless the service names it. */
  readonly event: string;
  /** The data lines, joined by `\n`. */
  readonly data: string;
}

/** Longest data of one event, characters: a partial picture in base64 fits well. */
const longestData = 64 * 2 ** 20;

/**
 * Server-sent events from a body, as they arrive, by the rules of the HTML standard ("Interpreting an event stream"):
 * lines end in `\n`, `\r\n` or `\r`, comments are skipped, ids and retry times are ignored, an event that the body ends in
 * the middle of is dropped. Throws `bad-response` for an event longer than 64 Mi characters.
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  let event = '';
  let data: string[] = [];
  let length = 0;
  for await (const line of readLines(body)) {
    if (line === '') {
      if (data.length) yield { event: event || 'message', data: data.join('\n') };
      event = '';
      data = [];
      length = 0;
      continue;
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
    if (field === 'event') event = value;
    if (field !== 'data') continue;
    data.push(value);
    length += value.length + 1;
    if (length > longestData) throw tooLong();
  }
}

async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let line = '';
  let afterReturn = false;
  for await (const chunk of body) {
    let text = decoder.decode(chunk, { stream: true });
    // The `\n` of a `\r\n` that the chunks parted.
    if (afterReturn && text.startsWith('\n')) text = text.slice(1);
    else if (text === '') continue;
    afterReturn = text.endsWith('\r');
    const lines = text.split(/\r\n|\n|\r/);
    line += lines[0];
    if (line.length > longestData) throw tooLong();
    for (const next of lines.slice(1)) {
      yield line;
      line = next;
    }
  }
}

function tooLong(): ImageError {
  return new ImageError('bad-response', `the service sent an event longer than ${longestData} characters`, {
    hint: 'Ask for fewer or smaller partial pictures.',
  });
}
