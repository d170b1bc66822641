import { ImageError, type ImageErrorFacts, messageOf } from '@anyimage/core';

/** A defect of ours, in one line. */
export function unexpected(cause: unknown, facts: ImageErrorFacts): ImageError {
  const [line] = messageOf(cause).split('\n');
  return new ImageError('config', `unexpected: ${line}`, { ...facts, cause });
}
