import type { Outcome } from '@anyimage/core';

/** 0 all made, 3 some made, 1 none made though something was sent, 2 nothing was sent. */
export function exitCodeOf({
  images,
  errors,
  pending,
  sent,
}: Pick<Outcome, 'images' | 'errors' | 'pending' | 'sent'>): number {
  if (images.length > 0) return errors.length + pending.length > 0 ? 3 : 0;
  return sent ? 1 : 2;
}
