import { type Client, type ClientOptions, createClient } from '@anyimage/core';

/** One client for all that is done by the same settings: made when it is needed, and closed when they hold no more and nobody uses it. */
export class SharedClient {
  readonly #options: ClientOptions;
  #client: Client | undefined;
  #users = 0;
  #isRetired = false;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Does work with the client. Rejects as the work does. */
  async use<T>(work: (client: Client) => Promise<T>): Promise<T> {
    this.#users += 1;
    try {
      this.#client ??= createClient(this.#options);
      return await work(this.#client);
    } finally {
      this.#users -= 1;
      // Who still has these settings may begin something although others hold by now.
      if (this.#isRetired && this.#users === 0) void this.close();
    }
  }

  /** Other settings hold from now on. */
  retire(): void {
    this.#isRetired = true;
    if (this.#users === 0) void this.close();
  }

  /** Ends the connections. Never rejects. */
  async close(): Promise<void> {
    const open = this.#client;
    this.#client = undefined;
    await open?.close().catch(() => {});
  }
}
