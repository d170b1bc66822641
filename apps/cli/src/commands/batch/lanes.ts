// Work for several accounts, side by side: so much of each at a time, and none waits for another's.

interface Lane {
  /** What is under way, in units of work. */
  busy: number;
  readonly waiting: Work[];
}

interface Work {
  readonly weight: number;
  run(): Promise<void>;
}

export interface LanesOptions {
  /** How much of a lane is under way at a time. */
  readonly most: (lane: string) => number;
  /** Work that waits, of all lanes together, before `add` makes its caller wait. */
  readonly room?: number;
}

export class Lanes {
  readonly #options: Required<LanesOptions>;
  readonly #lanes = new Map<string, Lane>();
  #waiting = 0;
  #running = 0;
  #changed = Promise.withResolvers<void>();

  constructor({ most, room = 256 }: LanesOptions) {
    this.#options = { most, room };
  }

  /** Adds work, which must not reject. Resolves when there is room for more. `weight`: at least 1. */
  async add(name: string, weight: number, run: () => Promise<void>): Promise<void> {
    const lane = this.#lanes.get(name) ?? { busy: 0, waiting: [] };
    this.#lanes.set(name, lane);
    lane.waiting.push({ weight, run });
    this.#waiting += 1;
    this.#start(name, lane);
    while (this.#waiting >= this.#options.room) await this.#changed.promise;
  }

  /** Resolves when nothing is left. */
  async idle(): Promise<void> {
    while (this.#waiting + this.#running > 0) await this.#changed.promise;
  }

  #start(name: string, lane: Lane): void {
    const most = this.#options.most(name);
    for (
      let [next] = lane.waiting;
      next && (lane.busy === 0 || lane.busy + next.weight <= most);
      [next] = lane.waiting
    ) {
      lane.waiting.shift();
      this.#waiting -= 1;
      void this.#run(name, lane, next);
    }
  }

  async #run(name: string, lane: Lane, { weight, run }: Work): Promise<void> {
    lane.busy += weight;
    this.#running += 1;
    await run();
    lane.busy -= weight;
    this.#running -= 1;
    this.#start(name, lane);
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
