// A service in a process of its own, so that what it holds and does is not measured: pictures by URL as Zhipu answers, and as base64
// as OpenAI does, of 2 kB (`small`) and of 3 MB (`large`), or a `whole` one that can be shown. Tells its origin to the parent. The first word
// of a path says which: POST /url-small/images/generations, GET /url-small/picture.png, POST /base64-large/images/generations. A number in it
// is how long an answer takes, ms: POST /base64-whole-200/images/generations.
import { randomFillSync } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { crc32, deflateSync } from 'node:zlib';

const pictures = { small: picture(2000), large: picture(3_000_000), whole: wholePicture(24) };
const encoded = Object.fromEntries(Object.entries(pictures).map(([size, bytes]) => [size, asBase64(bytes)]));

const server = createServer((request, response) => {
  const [, kind] = request.url.split('/');
  const [form, size, ms] = kind.split('-');
  if (request.method === 'GET') {
    response.setHeader('content-type', 'image/png');
    return response.end(pictures[size]);
  }
  request.resume().on('end', async () => {
    if (ms) await pause(Number(ms));
    response.setHeader('content-type', 'application/json');
    if (form === 'base64') return response.end(encoded[size]);
    const url = `http://${request.headers.host}/${kind}/picture.png`;
    response.end(JSON.stringify({ created: 1_760_000_000, id: 'i-1', request_id: 'r-1', data: [{ url }] }));
  });
}).listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));

function asBase64(bytes) {
  return JSON.stringify({ created: 1_760_000_000, data: [{ b64_json: bytes.toString('base64') }] });
}

/** A PNG of random pixels, about 2 kB. */
function wholePicture(side) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const header = Buffer.from([0, 0, 0, side, 0, 0, 0, side, 8, 2, 0, 0, 0]);
  const rows = Buffer.alloc(side * (1 + 3 * side));
  for (let row = 0; row < side; row++) randomFillSync(rows, row * (1 + 3 * side) + 1, 3 * side);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
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
