// What prices depend on.

import type { Json, Ratio, Size } from '../contract/capabilities.ts';
import type { InputImage } from '../contract/provider.ts';

/** The words of a call that its price may depend on. */
export interface PricedWords {
  readonly region: string;
  readonly size?: Size;
  readonly aspectRatio?: Ratio;
  readonly resolution?: string;
  readonly quality?: string;
  readonly images?: readonly InputImage[];
  readonly options?: { readonly [name: string]: Json };
}
