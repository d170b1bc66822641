// Imagen's `:predict`. Google's own hosts no longer answer it (since 2026-08-17, Vertex since 2026-06-24); gateways
// may.

import {
  type Envelope,
  ImageError,
  type Output,
  otherForm,
  type ProviderCall,
  type ProviderResult,
  quoted,
} from '@anyimage/core';
import * as z from 'zod';
import { serviceError, tellsError } from './errors.ts';

// Strict only where the pictures depend on it: what is said beside them, in whatever form, must not lose them.
const text = z.string().nullish().catch(undefined);
const data = z
  .union([z.string(), z.instanceof(Uint8Array)])
  .nullish()
  .catch(undefined);
const prediction = z.object({
  bytesBase64Encoded: data,
  mimeType: text,
  raiFilteredReason: text,
  contentType: text,
});
const answer = z.object({ predictions: z.array(prediction.catch({})).nullish() });

/** The body that makes 1 to 4 pictures. Throws `unsupported` for what Imagen has no word for. */
export function toPredict({ prompt, n, aspectRatio, resolution, images, seed, options }: ProviderCall) {
  const strange = [
    ...(images.length ? ['images'] : []),
    ...(seed === undefined ? [] : ['seed']),
    ...Object.keys(options).map((name) => `providerOptions.${name}`),
  ];
  if (strange.length) {
    throw new ImageError('unsupported', `Imagen has no ${strange.join(', ')}`, {
      details: { option: strange[0]!, allowed: null },
      hint: `Leave ${strange.join(' and ')} out; nothing was sent.`,
    });
  }
  return {
    instances: [{ prompt }],
    parameters: {
      sampleCount: n,
      ...(aspectRatio && { aspectRatio }),
      ...(resolution && { sampleImageSize: resolution }),
      // Without it a filtered picture is missing and nothing says why.
      includeRaiReason: true,
    },
  };
}

/** One output per picture asked for: what is missing or has a reason in place of its bytes was filtered. */
export function fromPredict(envelope: Envelope, body: unknown, n: number): ProviderResult {
  const parsed = answer.safeParse(body);
  const isMade = parsed.data?.predictions?.some(({ bytesBase64Encoded }) => bytesBase64Encoded);
  if (envelope.status >= 400 || (tellsError(body) && !isMade)) throw serviceError(envelope, body);
  if (!parsed.success) throw otherForm(envelope, z.prettifyError(parsed.error));
  // An entry with a content type and no bytes tells safety attributes of the prompt and is no picture.
  const entries = (parsed.data.predictions ?? []).filter((entry) => entry.bytesBase64Encoded || !entry.contentType);
  const filtered = (reason?: string | null): Output => ({ error: blocked(envelope, reason) });
  const outputs = entries.map(({ bytesBase64Encoded: base64, mimeType, raiFilteredReason }): Output => {
    return base64 ? { base64, ...(mimeType && { mediaType: mimeType }) } : filtered(raiFilteredReason);
  });
  const missing = Math.max(0, n - outputs.length);
  return { outputs: [...outputs, ...Array.from({ length: missing }, () => filtered())] };
}

function blocked({ status }: Envelope, reason?: string | null): ImageError {
  return new ImageError('content-blocked', `the picture was filtered${reason ? `: ${quoted(reason)}` : ''}`, {
    status,
    mayHaveBeenBilled: true,
    details: { stage: 'candidate', ...(reason && { reason }) },
    hint: 'Reword the prompt.',
  });
}
