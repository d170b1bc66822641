import { ImageError, type ImageErrorFacts } from '@anyimage/core';

/** A defect of ours, in one line. */
export function unexpected(cause: unknown, facts: ImageErrorFacts): ImageError {
  const [line] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return new ImageError('config', `unexpected: ${line}`, { ...facts, cause });
}
