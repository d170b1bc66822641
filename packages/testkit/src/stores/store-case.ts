/** One promise that every store of a kind keeps. Cases know nothing of a test runner. */
export interface StoreCase<Store, Options = void> {
  /** Stable and unique: `create-once`. */
  readonly id: string;
  /** A sentence about behaviour. */
  readonly title: string;
  /**
   * Throws where the promise is broken. Each call of `open` gives a handle of one and the same store, empty at first, as another
   * process would have it.
   */
  run(open: OpenStore<Store, Options>): Promise<void>;
}

export type OpenStore<Store, Options = void> = (options: Options) => Store | Promise<Store>;
