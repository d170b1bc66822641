// Sends a reply, spoilt by a fault where there is one.

import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { Reply } from './definition.ts';
import type { FaultEffect } from './effects.ts';

const tebibyte = 1024 ** 4;
const page = '<!doctype html><html><head><title>Please wait</title></head><body><h1>Please wait</h1></body></html>\n';

/** The reply that a fault puts in place of the service's own, or `undefined` if the fault does something else. */
export function replacement(
  fault: FaultEffect,
  isPicture: boolean,
  failures: { [code: string]: Reply },
): Reply | undefined {
  switch (fault.kind) {
    case 'status':
      return {
        status: fault.status,
        headers: fault.headers ?? {},
        ...(typeof fault.body === 'string'
          ? { body: fault.body, type: 'text/html; charset=utf-8' }
          : { json: fault.body ?? { error: `status ${fault.status}` } }),
      };
    case 'failure': {
      const failure = failures[fault.code];
      if (!failure) throw new Error(`this service documents no error for "${fault.code}"`);
      return { ...failure, headers: { ...failure.headers, ...fault.headers } };
    }
    case 'html':
      return { body: page, type: isPicture ? 'image/png' : 'text/html; charset=utf-8' };
    case 'json':
      return { body: '{"error":{"message":"the file is not here"}}', type: 'image/png' };
    case 'svg':
      return { body: '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>', type: 'image/svg+xml' };
    case 'redirect':
      return { status: fault.status ?? 302, headers: { location: fault.to }, body: '', type: 'text/plain' };
    case 'expired':
      return {
        status: 403,
        body: '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
        type: 'application/xml',
      };
    default:
      return undefined;
  }
}

/** Writes the reply. Resolves when all is handed over or the connection is over. */
export async function send(response: ServerResponse, reply: Reply, fault: FaultEffect | undefined): Promise<void> {
  const body = bytesOf(reply);
  response.statusCode = reply.status ?? 200;
  response.setHeader(
    'content-type',
    reply.json === undefined ? (reply.type ?? 'application/octet-stream') : 'application/json',
  );
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  switch (fault?.kind) {
    case 'hang':
      if (fault.at === 'body') await sendStart(response, body);
      return closed(response);
    case 'cut':
      return fault.at === 'body' ? sendPart(response, body) : destroy(response);
    case 'malformed':
      return end(response, body.subarray(0, Math.ceil(body.length / 2)));
    case 'truncated':
      return fault.how === 'picture' ? end(response, withoutEnd(body)) : sendPart(response, body);
    case 'oversize':
      return fault.how === 'endless' ? sendEndless(response, body) : sendHuge(response, body);
    case 'drip':
      return drip(response, body, fault.bytes ?? 64);
    default:
      return end(response, body);
  }
}

/** A picture file whose last part is missing: a PNG without its last rows and its end mark. */
export function withoutEnd(body: Uint8Array): Uint8Array {
  return body.subarray(0, Math.max(1, body.length - Math.max(20, Math.floor(body.length / 8))));
}

function bytesOf({ json, body = '' }: Reply): Uint8Array {
  if (json !== undefined) return Buffer.from(JSON.stringify(json));
  return typeof body === 'string' ? Buffer.from(body) : body;
}

function end(response: ServerResponse, body: Uint8Array): Promise<void> {
  response.setHeader('content-length', body.length);
  response.end(body);
  return closed(response);
}

/** Declares the whole and sends half. */
async function sendStart(response: ServerResponse, body: Uint8Array): Promise<void> {
  response.setHeader('content-length', body.length);
  await write(response, body.subarray(0, Math.floor(body.length / 2)));
}

async function sendPart(response: ServerResponse, body: Uint8Array): Promise<void> {
  await sendStart(response, body);
  await destroy(response);
}

async function sendHuge(response: ServerResponse, body: Uint8Array): Promise<void> {
  response.setHeader('content-length', tebibyte);
  await write(response, body.subarray(0, 64));
  await closed(response);
}

/** Begins like the real answer, so that only its length gives it away: a picture's data, or blanks within JSON. */
async function sendEndless(response: ServerResponse, body: Uint8Array): Promise<void> {
  const isJson = body[0] === 0x7b;
  await write(response, isJson ? body.subarray(0, 1) : endlessPng(body));
  const more = new Uint8Array(64 * 1024).fill(isJson ? 0x20 : 0);
  while (!response.destroyed) {
    await write(response, more);
    await setImmediate(); // lets the other side act
  }
}

/** Everything of a PNG before its pixels, then the head of a data chunk of 2 GiB. */
function endlessPng(body: Uint8Array): Uint8Array {
  const png = Buffer.from(body);
  const data = png.indexOf('IDAT');
  if (data < 0) return body;
  png.writeUInt32BE(2 ** 31 - 1, data - 4);
  return png.subarray(0, data + 4);
}

async function drip(response: ServerResponse, body: Uint8Array, size: number): Promise<void> {
  response.setHeader('content-length', body.length);
  for (let at = 0; at < body.length && !response.destroyed; at += size) {
    await write(response, body.subarray(at, at + size));
    await setImmediate();
  }
  response.end();
  await closed(response);
}

/** Resolves when the chunk went to the operating system, or never can. */
function write(response: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve();
    response.once('close', resolve);
    response.write(chunk, () => {
      response.removeListener('close', resolve);
      resolve();
    });
  });
}

async function destroy(response: ServerResponse): Promise<void> {
  response.socket?.destroy();
  await closed(response);
}

function closed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.closed || response.destroyed) return resolve();
    response.once('close', resolve);
  });
}
