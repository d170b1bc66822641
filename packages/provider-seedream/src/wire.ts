// Ark's own JSON: pure functions to and from it, and its error codes.
// Sources: https://www.volcengine.com/docs/82379/1541523, https://docs.byteplus.com/en/docs/ModelArk/1299023.

import {
  type Envelope,
  type ErrorCode,
  ImageError,
  type InputImage,
  type Output,
  type ProviderCall,
  type ProviderResult,
  retryAfter,
} from '@anyimage/core';
import * as z from 'zod';

/** The body of the one endpoint. One request gives one picture. Options that the table does not know go as they are. */
export function toWire(call: ProviderCall) {
  const { model, prompt, images, size, seed, outputFormat } = call;
  const { optimizePrompt, ...others } = call.options;
  return {
    ...others,
    model,
    prompt,
    ...(images.length > 0 && { image: images.map(address) }),
    ...(size && { size: `${size.width}x${size.height}` }),
    ...(seed !== undefined && { seed }),
    ...(outputFormat && { output_format: outputFormat }),
    ...(optimizePrompt !== undefined && { optimize_prompt_options: { mode: optimizePrompt } }),
    response_format: 'url',
  };
}

function address(image: InputImage): string {
  if (image.as === 'url') return image.url;
  return `data:${image.mediaType};base64,${Buffer.from(image.bytes).toString('base64')}`;
}

// Strict only where the pictures depend on it: what is said beside them, in whatever form, must not lose them.
const words = z.string().nullish().catch(undefined);
const complaint = z.object({ code: words, message: words });
const error = complaint.nullish().catch(undefined);
const answer = z.object({
  data: z.array(z.object({ url: words, error }).catch({})).nullish(),
  usage: z
    .object({ output_tokens: z.int().min(0).nullish() })
    .nullish()
    .catch(undefined),
  error,
});

/**
 * The pictures of an answer. One that was refused is an error in its place and costs nothing. Throws what the status or the
 * body says is wrong, also for an error told with status 200, unless there is a picture all the same.
 */
export function fromWire(envelope: Envelope, body: unknown): ProviderResult {
  const { data: read, error: mismatch } = answer.safeParse(body);
  const said = answer.pick({ error: true }).safeParse(body).data?.error;
  const isMade = read?.data?.some(({ url }) => url);
  if (envelope.status >= 400 || (tells(said) && !isMade)) throw serviceError(envelope, said);
  const outputs = (read?.data ?? []).flatMap(({ url, error }): Output[] => {
    if (url) return [{ url }];
    return tells(error) ? [{ error: serviceError(envelope, error).with({ mayHaveBeenBilled: false }) }] : [];
  });
  if (outputs.length === 0) {
    const why = mismatch ? `: ${z.prettifyError(mismatch)}` : '';
    throw new ImageError('bad-response', `the service reported success but returned no picture${why}`, {
      status: envelope.status,
      mayHaveBeenBilled: true,
      hint: 'Look at the account before asking again: the picture may have been made.',
    });
  }
  const tokens = read?.usage?.output_tokens;
  return { outputs, ...(tokens != null && { usage: { imageOut: tokens } }) };
}

function tells(error: z.infer<typeof complaint> | null | undefined): boolean {
  return !!(error?.code || error?.message);
}

/** The error of an answer or of one picture of it: by the service's code, else by HTTP status. */
function serviceError({ status, headers, now }: Envelope, said: z.infer<typeof complaint> | null | undefined) {
  const { code, message } = said ?? {};
  const { kind, hint, retryable = false, billed = false } = meaningOf(status, code ?? '');
  const wait = retryAfter(headers, now);
  const facts = [`HTTP ${status}`, code].filter(Boolean).join(', ');
  return new ImageError(kind, `Ark refused the picture (${facts})${message ? `: ${message}` : ''}`, {
    status,
    ...(code && { serviceCode: code }),
    retryable,
    ...(wait !== undefined && { retryAfter: wait }),
    mayHaveBeenBilled: billed,
    hint,
  });
}

interface Meaning {
  readonly kind: ErrorCode;
  readonly hint: string;
  /** The same request may succeed later. */
  readonly retryable?: true;
  /** Not known to be free. */
  readonly billed?: true;
}

const wrong: Meaning = { kind: 'invalid-request', hint: 'Correct the request; the message says which field.' };
const badKey: Meaning = { kind: 'auth', hint: 'Check that the key is complete and of this region.' };
const denied: Meaning = { kind: 'permission', hint: 'Look in the console what this key may do.' };
const gone: Meaning = { kind: 'not-found', hint: 'Check the id: the model or endpoint does not exist, or was closed.' };
const noAddress: Meaning = { kind: 'not-found', hint: 'The service has no API at this address: check the base URL.' };
const limited: Meaning = { kind: 'rate-limit', retryable: true, hint: 'Wait a little and make fewer at a time.' };
const server: Meaning = {
  kind: 'server',
  retryable: true,
  billed: true,
  hint: 'Try again later; look at the account first, since the picture may have been billed.',
};

/** What a code means, by its documented part; the first that matches counts. Only pictures that were made are billed. */
const codes: readonly (readonly [pattern: RegExp, meaning: Meaning])[] = [
  [/SensitiveContent/, { kind: 'content-blocked', hint: 'Change what the code names: prompt or input picture.' }],
  [/^(MissingParameter|InvalidParameter)/, wrong],
  [/^AuthenticationError/, badKey],
  [/^AccountOverdueError/, { kind: 'quota', hint: 'Top up the account in the console, or use another provider.' }],
  [/^AccessDenied/, denied],
  [/^ModelNotOpen/, { kind: 'permission', hint: 'Switch the model on in the console of the service, then try again.' }],
  [/^InvalidEndpoint/, gone],
];

const statuses: { readonly [status: number]: Meaning } = { 401: badKey, 403: denied, 404: gone, 429: limited };

function meaningOf(status: number, code: string): Meaning {
  if (status === 404 && !code) return noAddress;
  const known = codes.find(([pattern]) => pattern.test(code))?.[1] ?? statuses[status];
  return known ?? (status >= 400 && status < 500 ? wrong : server);
}
