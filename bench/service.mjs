// A service of two endpoints in a process of its own, so that what it holds and does is not measured: pictures by URL as Zhipu
// answers, and as base64 as OpenAI does. Tells its origin to the parent.
import { randomFillSync } from 'node:crypto';
import { createServer } from 'node:http';

const sizes = { small: 3_000_000, large: 3_000_000 };
const pictures = Object.fromEntries(Object.entries(sizes).map(([name, length]) => [name, picture(length)]));
const encoded = JSON.stringify({ created: 1, data: [{ b64_json: pictures.large.toString('base64') }] });

const server = createServer((request, response) => {
  const [, name] = request.url.split('/');
  if (request.method === 'GET') {
    response.setHeader('content-type', 'image/png');
    return response.end(pictures[name]);
  }
  request.resume().on('end', () => {
    response.setHeader('content-type', 'application/json');
    if (name === 'base64') return response.end(encoded);
    const url = `http://${request.headers.host}/${name}/picture.png`;
    response.end(JSON.stringify({ created: 1_760_000_000, id: 'i-1', request_id: 'r-1', data: [{ url }] }));
  });
}).listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));

/** A well-formed PNG of one pixel, whose pixel data are bytes that no encoding makes smaller. */
function picture(length) {
  const chunk = (type, data) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, data, Buffer.alloc(4)]);
  };
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = randomFillSync(Buffer.alloc(length));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}
