// A service in a process of its own, so that what it holds and does is not measured: pictures by URL as Zhipu answers, and as base64
// as OpenAI does, of 2 kB (`small`) and of 3 MB (`large`). Tells its origin to the parent. The first word of a path says which:
// POST /url-small/images/generations, GET /url-small/picture.png, POST /base64-large/images/generations.
import { randomFillSync } from 'node:crypto';
import { createServer } from 'node:http';

const pictures = { small: picture(2000), large: picture(3_000_000) };
const encoded = Object.fromEntries(Object.entries(pictures).map(([size, bytes]) => [size, asBase64(bytes)]));

const server = createServer((request, response) => {
  const [, kind] = request.url.split('/');
  const [form, size] = kind.split('-');
  if (request.method === 'GET') {
    response.setHeader('content-type', 'image/png');
    return response.end(pictures[size]);
  }
  request.resume().on('end', () => {
    response.setHeader('content-type', 'application/json');
    if (form === 'base64') return response.end(encoded[size]);
    const url = `http://${request.headers.host}/${kind}/picture.png`;
    response.end(JSON.stringify({ created: 1_760_000_000, id: 'i-1', request_id: 'r-1', data: [{ url }] }));
  });
}).listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));

function asBase64(bytes) {
  return JSON.stringify({ created: 1_760_000_000, data: [{ b64_json: bytes.toString('base64') }] });
}

/** A well-formed PNG of one pixel with pixel data of this length: bytes that no encoding makes smaller. */
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
