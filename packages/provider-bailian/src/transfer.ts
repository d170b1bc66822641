// How input pictures get to the service: as URLs, inside the request, or through its temporary storage.
// Source: https://help.aliyun.com/zh/model-studio/get-temporary-file-url.

import { randomUUID } from 'node:crypto';
import {
  type CallContext,
  ImageError,
  type InputBytes,
  type InputImage,
  type ProviderCall,
  toFile,
  toURL,
} from '@anyimage/core';
import type { Inputs, Permit } from './wire.ts';

/** Largest file that the gateway takes as text (20 MiB of base64), and largest sum of them, bytes. */
const largestInRequest = 15 * 2 ** 20;
const largestSum = 16 * 2 ** 20;

/** `data`: in the request. `upload`: through the storage. `auto`: in the request unless too large for it. */
export type Way = 'data' | 'auto' | 'upload';

/** The pictures of a call, on their way. */
export interface Sent extends Inputs {
  /** Some are in the temporary storage: the request must say so in a header. */
  readonly uploaded: boolean;
}

/** The way that is asked for; default `auto`. */
export function wayOf({ options }: ProviderCall): Way {
  return (options.transfer as Way | undefined) ?? 'auto';
}

/** Whether any picture is at hand as bytes, so that there is a choice of ways. */
export function hasFiles(call: ProviderCall): boolean {
  return picturesOf(call).some(({ as }) => as === 'bytes');
}

/** Brings the pictures of a call on their way. `getPermit` is asked once, and only if something is uploaded. */
export async function transfer(
  call: ProviderCall,
  way: Way,
  context: CallContext,
  getPermit: () => Promise<Permit>,
): Promise<Sent> {
  const sizes = picturesOf(call).map((picture) => (picture.as === 'bytes' ? picture.bytes.length : 0));
  const tooLarge = Math.max(0, ...sizes) > largestInRequest || sizes.reduce((sum, size) => sum + size, 0) > largestSum;
  const uploaded = hasFiles(call) && (way === 'upload' || (way === 'auto' && tooLarge));
  const permit = uploaded ? await getPermit() : undefined;
  const send = async (picture: InputImage) => {
    return permit && picture.as === 'bytes' ? upload(picture, permit, context) : toURL(picture);
  };
  const images = await Promise.all(call.images.map(send));
  return { images, uploaded, ...(call.mask && { mask: await send(call.mask) }) };
}

function picturesOf({ images, mask }: ProviderCall): readonly InputImage[] {
  return mask ? [...images, mask] : images;
}

/** Uploads a picture and returns its `oss:` URL, which works for 48 hours, for the same account and model. */
async function upload(picture: InputBytes, permit: Permit, context: CallContext): Promise<string> {
  const place = URL.parse(permit.upload_host);
  if (place?.protocol !== 'https:' && place?.origin !== new URL(context.baseURL).origin) {
    throw new ImageError('bad-response', 'the service named no https address for the upload', {
      hint: 'Give the picture as a URL, or send it with providerOptions.transfer: "data".',
    });
  }
  const file = toFile(picture, randomUUID());
  const key = `${permit.upload_dir}/${file.name}`;
  const form = new FormData();
  form.set('OSSAccessKeyId', permit.oss_access_key_id);
  form.set('Signature', permit.signature);
  form.set('policy', permit.policy);
  form.set('key', key);
  form.set('x-oss-object-acl', permit.x_oss_object_acl);
  form.set('x-oss-forbid-overwrite', permit.x_oss_forbid_overwrite);
  form.set('success_action_status', '200');
  form.set('x-oss-content-type', picture.mediaType);
  form.set('file', file); // the storage reads nothing after it
  const answer = await context.http.send({ to: permit.upload_host, form });
  const said = Buffer.from(await answer.bytes()).toString();
  if (answer.status === 200) return `oss://${key}`;
  // Only the code is quoted: the rest may hold the signature. A permit that ran out is replaced on the next try.
  const code = /<Code>(\w+)<\/Code>/.exec(said)?.[1];
  throw new ImageError(
    'unavailable',
    `the temporary storage refused a picture: HTTP ${answer.status} ${code ?? ''}`.trim(),
    {
      status: answer.status,
      ...(code && { serviceCode: code }),
      retryable: true,
      hint: 'Try again, give the picture as a URL, or send it with providerOptions.transfer: "data".',
    },
  );
}
