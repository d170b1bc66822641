// Pictures that belong together: the request wants a series of them, which one call must make.

import type { Json, Limits } from '../contract/capabilities.ts';

/** A series that is asked for. */
export interface Series {
  /** The provider option that asks for it. */
  readonly option: string;
  /** That is the option's default. */
  readonly unlessSaid: boolean;
  /** Pictures. */
  readonly most: number;
}

/** The series that the options ask for. Undefined = each picture stands alone. */
export function seriesOf(
  { options: specs = {} }: Limits,
  options: { readonly [name: string]: Json } = {},
): Series | undefined {
  for (const [option, spec] of Object.entries(specs)) {
    if (spec.type !== 'boolean' || spec.series === undefined) continue;
    const value = Object.hasOwn(options, option) ? options[option] : spec.default;
    if (value === true) return { option, unlessSaid: spec.default === true, most: spec.series };
  }
  return undefined;
}
