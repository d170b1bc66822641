// A service between, which hands on what another answers, and the events of a stream one after the other, as a real one does.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** `url`: what is asked in truth. `everyMs`: between two events. */
export async function slowEvents(url, everyMs) {
  const server = createServer(async (request, response) => {
    const { host, connection, 'content-length': _, ...headers } = request.headers;
    const body = request.method === 'GET' ? {} : { body: await text(request) };
    const answer = await fetch(new URL(request.url, url), { method: request.method, headers, ...body });
    const type = answer.headers.get('content-type') ?? '';
    response.writeHead(answer.status, { 'content-type': type });
    const whole = await answer.bytes();
    if (!type.startsWith('text/event-stream')) return response.end(whole);
    for (const event of new TextDecoder().decode(whole).split(/(?<=\n\n)/)) {
      response.write(event);
      await sleep(everyMs);
    }
    response.end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
