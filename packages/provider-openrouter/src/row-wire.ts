// What a row from the catalogue says to the wire, beside what core reads of it.

/** What the catalogue says of a parameter. `unknown`: it is taken, and its values are told in a form that is not known here. */
export type Parameter =
  | { readonly type: 'enum'; readonly values: readonly string[] }
  | { readonly type: 'range'; readonly min: number; readonly max: number }
  | { readonly type: 'boolean' }
  | { readonly type: 'unknown' };

/** One of several services behind a model. */
export type ServiceWire = {
  /** By which it is chosen. */
  readonly name: string;
  readonly slug: string;
  readonly streams: boolean;
  readonly takes: { readonly [parameter: string]: Parameter };
};

/** The `wire` of a row. */
export type RowWire = {
  /** The field for resolutions, where it is not their own. */
  readonly tiers?: 'size';
  /** Option -> the slugs of the services to which it is sent as their own. */
  readonly passthrough?: { readonly [option: string]: readonly string[] };
  /** Of a model with several services: all of them. */
  readonly services?: readonly ServiceWire[];
};
