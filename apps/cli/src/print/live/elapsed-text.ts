import { duration } from '@anyimage/host';

/** A time that runs on: whole seconds once it is long. */
export function elapsedText(ms: number): string {
  return duration(ms < 9950 ? ms : Math.floor(ms / 1000) * 1000);
}
