// Ark's own JSON: pure functions to and from it, and its error codes.
// Sources: https://www.volcengine.com/docs/82379/1541523, https://docs.byteplus.com/en/docs/ModelArk/1299023.

import {
  type Complaint,
  defineErrorMap,
  type Envelope,
  holdsPicture,
  nothingMade,
  type Output,
  otherForm,
  type ProviderCall,
  type ProviderResult,
  picturesInEntry,
  present,
  toURL,
} from '@anyimage/core';
import * as z from 'zod';

/** The body of the one endpoint. One request gives one picture. Options that the table does not know go as they are. */
export function toWire(call: ProviderCall) {
  const { model, prompt, images, size, seed, background, outputFormat } = call;
  const { optimizePrompt, layerDecomposition, ...others } = call.options;
  return present({
    ...others,
    model,
    prompt,
    image: images.length > 0 ? images.map(toURL) : undefined,
    size: size && `${size.width}x${size.height}`,
    seed,
    background,
    output_format: outputFormat,
    layer_decomposition: layerDecomposition,
    optimize_prompt_options: optimizePrompt === undefined ? undefined : { mode: optimizePrompt },
    response_format: 'url',
  });
}

// Strict only where the pictures depend on it: what is said beside them, in whatever form, must not lose them.
const words = z.string().nullish().catch(undefined);
const error = z.object({ code: words, message: words }).nullish().catch(undefined);
const item = z
  .object({ error })
  .catch({})
  .transform(({ error }) => error);
const answer = z.object({
  data: z.array(z.unknown()).nullish(),
  usage: z
    .object({ output_tokens: z.int().min(0).nullish() })
    .nullish()
    .catch(undefined),
  error,
});
type Refusal = z.infer<typeof error>;

/**
 * The pictures of an answer. One that was refused is an error in its place and costs nothing. Throws what the status or the
 * body says is wrong, also for an error told with status 200, unless there is a picture all the same.
 */
export function fromWire(envelope: Envelope, body: unknown): ProviderResult {
  const { data: read, error: mismatch } = answer.safeParse(body);
  const said = answer.pick({ error: true }).safeParse(body).data?.error;
  const isMade = read?.data?.some(holdsPicture);
  if (envelope.status >= 400 || (tells(said) && !isMade)) throw serviceError(envelope, said, 'now');
  const outputs = (read?.data ?? []).flatMap((entry): Output[] => {
    const pictures = picturesInEntry(entry);
    if (pictures.length > 0) return [...pictures];
    const error = item.parse(entry);
    return tells(error) ? [{ error: serviceError(envelope, error, 'never') }] : [];
  });
  if (outputs.length === 0) {
    throw mismatch ? otherForm(envelope, z.prettifyError(mismatch)) : nothingMade({ status: envelope.status });
  }
  const tokens = read?.usage?.output_tokens;
  return { outputs, ...(tokens != null && { usage: { imageOut: tokens } }) };
}

function tells(error: Refusal): boolean {
  return !!(error?.code || error?.message);
}

const toError = defineErrorMap({
  service: 'Ark',
  codes: {
    '*SensitiveContent*': 'content-blocked',
    'MissingParameter*': 'invalid-request',
    'InvalidParameter*': 'invalid-request',
    'AuthenticationError*': 'auth',
    'AccountOverdueError*': 'quota',
    'AccessDenied*': 'permission',
    'ModelNotOpen*': { kind: 'permission', hint: 'Switch the model on in the console of the service, then try again.' },
    'InvalidEndpoint*': 'not-found',
  },
  statuses: { 503: 'server', 504: 'server' },
  hints: {
    'content-blocked': 'Change what the code names: prompt or input picture.',
    'not-found': 'Check the id: the model or endpoint does not exist, or was closed.',
  },
});

/** The error of an answer or of one picture of it: by the service's code, else by HTTP status. Only pictures that were made are billed. */
function serviceError(envelope: Envelope, said: Refusal, spends: Complaint['spends']) {
  return toError(envelope, { codes: [said?.code], message: said?.message, spends });
}
