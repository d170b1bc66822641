// GET /v1/pictures/REF: what signed URLs lead to.

import { Refusal } from '../wire/envelope.ts';
import { writePieces } from './send-answer.ts';
import type { Exchange, Surroundings } from './surroundings.ts';

const type = 'invalid_request_error';

/** Sends a picture. `name`: its ref and ending. Throws a refusal for a URL that is none of ours or has expired, and for what is gone. */
export async function sendPicture(
  { signer, pictures, now }: Surroundings,
  { outgoing }: Exchange,
  { name, expires, signature }: { readonly name: string; readonly expires: string; readonly signature: string },
): Promise<void> {
  const until = Number(expires);
  if (!Number.isSafeInteger(until) || !signer.isRight(name, until, signature)) {
    throw new Refusal(
      { status: 403, type, code: 'invalid_signature' },
      'This URL is not one of the gateway. Use it as it was answered.',
    );
  }
  if (until * 1000 <= now()) {
    throw new Refusal(
      { status: 410, type, code: 'url_expired' },
      'This URL has expired. Ask with the same Idempotency-Key for another.',
    );
  }
  const [ref = '', ending = ''] = name.split('.');
  const found = await pictures.find(ref);
  if (!found) throw new Refusal({ status: 410, type, code: 'picture_gone' }, 'The picture is not kept any more.');
  outgoing.writeHead(200, {
    'content-type': `image/${ending === 'svg' ? 'svg+xml' : ending}`,
    'content-length': found.byteLength,
    'cache-control': 'private, max-age=3600',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  });
  await writePieces(outgoing, found.pieces());
  outgoing.end();
}
