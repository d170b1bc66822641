// A form as the body of a request.

import { randomUUID } from 'node:crypto';

/**
 * Encodes a form as `multipart/form-data`, whole, so that its length is declared: many services refuse chunked uploads. Its texts go as they
 * are. `Response` would do the same by the rules of web pages, and end each line of a prompt with CR and LF.
 */
export async function encodeForm(form: FormData): Promise<{ readonly type: string; readonly body: Uint8Array }> {
  const boundary = `anyimage-${randomUUID()}`;
  const parts: Uint8Array[] = [];
  for (const [name, value] of form) {
    const isFile = typeof value !== 'string';
    const head = [
      `--${boundary}`,
      `Content-Disposition: form-data; name="${escaped(name)}"${isFile ? `; filename="${escaped(value.name)}"` : ''}`,
      ...(isFile ? [`Content-Type: ${value.type || 'application/octet-stream'}`] : []),
    ];
    const content = isFile ? new Uint8Array(await value.arrayBuffer()) : Buffer.from(value);
    parts.push(Buffer.from(`${head.join('\r\n')}\r\n\r\n`), content, Buffer.from('\r\n'));
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return { type: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(parts) };
}

/** As web pages escape the names of fields and files. */
function escaped(name: string): string {
  return name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}
