// The body of both image endpoints.

import { type ProviderCall, present } from '@anyimage/core';

/** One request gives one picture; there is no `n`, seed or negative prompt. */
export function toWire({ model, prompt, size, quality, user, options, limits }: ProviderCall) {
  return present({
    model,
    prompt,
    size: size && `${size.width}x${size.height}`,
    quality: limits.wire?.omitQuality ? undefined : quality,
    watermark_enabled: options.watermark,
    user_id: user,
  });
}
