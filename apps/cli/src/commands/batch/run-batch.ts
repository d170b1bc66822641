// The second reading of a batch: what is missing is asked for, so much at a time as the accounts bear, and noted.

import type { AsyncLocalStorage } from 'node:async_hooks';
import { type Applied, type Client, ImageError, type Money, messageOf, type Outcome, sumMoney } from '@anyimage/core';
import {
  type BatchJournal,
  type BatchRow,
  describeRequest,
  type FileImageStore,
  type FileTicketStore,
  fileImageStore,
  findProvider,
  type History,
  keptPictures,
  type OutputTarget,
  outputIn,
  type RowState,
  sweepParts,
  tellOrigins,
  unexpected,
} from '@anyimage/host';
import { sayWarning } from '../../print/say.ts';
import type { BatchFlags } from '../../request/batch-flags.ts';
import { modelsAsked } from '../../request/resolve.ts';
import type { Settings } from '../../session/settings.ts';
import type { Interrupt } from '../../session/signals/interrupt.ts';
import type { BatchRequests } from './batch-request.ts';
import { Lanes } from './lanes.ts';
import { endsBatch, keptRecordOf, orLeftOut, placeIn, recordOf, stateOf } from './row-outcome.ts';
import { RowTickets } from './row-tickets.ts';
import { type BatchItem, itemsOf, nameOf } from './rows/batch-rows.ts';
import type { BatchSpec } from './rows/batch-spec.ts';

/** The request that is at work. */
export interface CurrentRow {
  readonly target: OutputTarget;
  readonly store: FileImageStore;
  readonly tickets: RowTickets;
}

export interface RunOptions {
  readonly spec: BatchSpec;
  readonly journal: BatchJournal;
  readonly settings: Settings;
  /** Absolute. */
  readonly folder: string;
  readonly client: Pick<Client, 'run'>;
  /** Whose store and tickets the client uses. */
  readonly current: AsyncLocalStorage<CurrentRow>;
  readonly tickets: FileTicketStore;
  readonly requests: BatchRequests;
  readonly history: History;
  readonly interrupt: Interrupt;
  readonly isWanted: (state: RowState | undefined) => boolean;
  /** Requests of the file. */
  readonly total: number;
  readonly flags: BatchFlags;
  /** `spent`: by the run until now. */
  readonly onRow: (row: BatchRow, spent: readonly Money[]) => void;
  /** A row went to another model than the first of its list: told once for each such pair and reason. */
  readonly onOtherModel: (change: Applied, failed: readonly string[]) => void;
  /** A picture is there, and something is wrong with it or with its record. */
  readonly onWarning: (message: string) => void;
}

/** What a run came to, beside what the journal says. */
export interface RunResult {
  /** What ended it before its end. */
  readonly stoppedBy?: ImageError;
  readonly sent: boolean;
  readonly cost: readonly Money[];
  /** Requests whose price is not known. */
  readonly unpriced: number;
}

/** So many rows in a row that fail for nothing: the service is not there. */
const mostFailures = 8;
/** Tickets of rows that are done are forgotten so many at a time: first the journal must be on the disk. */
const settledAtOnce = 64;

/** So many rows may be over while their pictures are still looked at, and put into the history: no further row begins before. */
const mostNoting = 512;

/** Makes what is missing. Never rejects for what becomes of a row; throws `storage` for a journal that cannot be written. */
export function runBatch(options: RunOptions): Promise<RunResult> {
  return new BatchRun(options).run();
}

class BatchRun {
  readonly #options: RunOptions;
  readonly #stop = new AbortController();
  readonly #stopSending: AbortSignal;
  readonly #noting = new Set<Promise<void>>();
  /** Tickets that earlier runs left. */
  #left: ReadonlySet<string> = new Set();
  readonly #otherModels = new Set<string>();
  #settled: string[] = [];
  #failures = 0;
  #stoppedBy: ImageError | undefined;
  #sent = false;
  #cost: readonly Money[] = [];
  #unpriced = 0;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#stopSending = AbortSignal.any([options.interrupt.stopSending, this.#stop.signal]);
  }

  async run(): Promise<RunResult> {
    const { isWanted, settings, history, tickets, journal } = this.#options;
    this.#left = new Set((await tickets.list()).map(({ id }) => id));
    const pictures = await sweepParts(settings.home, Date.now());
    if (pictures.length > 0) {
      await history.add(pictures).catch((error: unknown) => {
        sayWarning(`the history lacks pictures of an earlier run: ${messageOf(error)}`);
      });
    }
    await this.#pass(isWanted);
    // What is paid for and was not here by its deadline is asked for once more.
    const isWaiting = journal.rows.count('waiting') > 0;
    if (isWaiting && !this.#isStopped) await this.#pass((state) => state === 'waiting');
    history.stopGathering();
    await this.#settle();
    await Promise.all(this.#noting);
    return {
      ...(this.#stoppedBy && { stoppedBy: this.#stoppedBy }),
      sent: this.#sent,
      cost: this.#cost,
      unpriced: this.#unpriced,
    };
  }

  /** Whether no further row begins. */
  get #isStopped(): boolean {
    return this.#stoppedBy !== undefined || this.#stopSending.aborted;
  }

  async #pass(isWanted: RunOptions['isWanted']): Promise<void> {
    const { spec, journal, settings, flags } = this.#options;
    const { rows } = journal;
    const lanes = new Lanes({ most: (lane) => rowsAtOnce(lane, settings, flags) });
    const known = rows.size;
    for await (const item of itemsOf(spec, rows)) {
      if (this.#isStopped) break;
      if ('error' in item || rows.placeOf(item.key) >= known) {
        this.#end(changed(spec));
        break;
      }
      if (!isWanted(rows.at(rows.placeOf(item.key)).state)) continue;
      await lanes.add(laneOf(item, settings), picturesOf(item), () => this.#make(item));
      while (this.#noting.size >= mostNoting) await this.#noting.values().next().value;
    }
    await lanes.idle();
  }

  /** Never rejects. */
  async #make(item: BatchItem): Promise<void> {
    if (this.#isStopped) return;
    try {
      await this.#askAnew(item);
      await this.#ask(item);
    } catch (error) {
      this.#end(ImageError.isInstance(error) ? error : unexpected(error, { hint: 'Please report it.' }));
    }
  }

  /** What may have been billed, and is asked for again on purpose, has another intent from now on. */
  async #askAnew({ key }: BatchItem): Promise<void> {
    const { journal, tickets } = this.#options;
    const place = journal.rows.placeOf(key);
    if (journal.rows.at(place).state !== 'uncertain') return;
    const before = await journal.read(place);
    await journal.again(key);
    for (const id of before?.tickets ?? []) if (await tickets.claim(id)) await tickets.delete(id);
  }

  async #ask(item: BatchItem): Promise<void> {
    const { settings, journal, client, current, interrupt, requests } = this.#options;
    const { request, named } = await requests.of(item);
    const row = await this.#open(item, request);
    const { tries } = journal.rows.at(journal.rows.placeOf(item.key));
    const intent = `batch-${journal.id}-${item.key}-${tries}`;
    const { signal } = interrupt;
    const asked = { ...request, intent, signal, stopSending: this.#stopSending, refusedKey: 'stop' as const };
    const outcome = tellOrigins(await current.run(row, () => client.run(asked)), settings, named);
    await this.#note(item, outcome, row);
  }

  async #open(item: BatchItem, request: object): Promise<CurrentRow> {
    const { spec, settings, folder, tickets, history, total } = this.#options;
    const n = picturesOf(item);
    const target = await outputIn(folder, nameOf(item, spec, total), n);
    const asked = describeRequest(request);
    const store = fileImageStore({ target, home: settings.home, request: asked, history, isSwept: true });
    return { target, store, tickets: new RowTickets(tickets, target, n, (id) => this.#left.has(id)) };
  }

  async #note(item: BatchItem, outcome: Outcome, row: CurrentRow): Promise<void> {
    const { journal, onRow, onWarning } = this.#options;
    this.#count(outcome);
    this.#tellOtherModel(outcome);
    const { store } = row;
    const noting = store.noted().then(() => {
      for (const { message } of store.warnings) onWarning(message);
      this.#noting.delete(noting);
    });
    this.#noting.add(noting);
    const record = await this.#record(item, outcome, row);
    if (record) {
      journal.add(item.key, record);
      onRow(record, this.#cost);
    }
    if (record?.state === 'done') this.#settleSoon(row.tickets);
    else await row.tickets.letGo();
    this.#heed(item, record?.state, outcome);
  }

  #tellOtherModel({ applied, attempts }: Outcome): void {
    const failed = attempts.flatMap(({ model, error }) => (error ? [model] : []));
    for (const change of applied) {
      if (change.option !== 'model' || !failed.includes(String(change.asked))) continue;
      const id = JSON.stringify(change);
      if (this.#otherModels.has(id)) continue;
      this.#otherModels.add(id);
      this.#options.onOtherModel(change, failed);
    }
  }

  #count({ sent, cost }: Outcome): void {
    this.#sent ||= sent;
    if (cost === null) this.#unpriced += 1;
    else this.#cost = sumMoney([...this.#cost, ...cost]);
  }

  /** What became of the row. Of one that was cut off, the pictures may be here all the same. */
  async #record(
    item: BatchItem,
    outcome: Outcome,
    { target, store, tickets: { ids } }: CurrentRow,
  ): Promise<BatchRow | undefined> {
    const { folder } = this.#options;
    const state = stateOf(outcome);
    if (!state) return undefined;
    const tickets = [...ids];
    if (state === 'uncertain') {
      const kept = await keptPictures(target, picturesOf(item), { tickets, relativeTo: placeIn(folder) });
      if (kept) return keptRecordOf(item, kept);
    }
    return recordOf(item, state, outcome, { folder, tickets, applied: store.applied });
  }

  /** The journal remembers what is done: its tickets need not. */
  #settleSoon({ ids }: RowTickets): void {
    this.#settled.push(...ids);
    if (this.#settled.length < settledAtOnce) return;
    const settling = this.#settle().then(() => void this.#noting.delete(settling));
    this.#noting.add(settling);
  }

  /** Never rejects: a ticket that stays is forgotten in time. */
  async #settle(): Promise<void> {
    const { journal, tickets } = this.#options;
    const ids = this.#settled;
    this.#settled = [];
    try {
      await journal.sync();
      for (const id of ids) await tickets.delete(id);
    } catch {
      // They say that the work is done, for thirty days.
    }
  }

  #heed({ flags }: BatchItem, state: RowState | undefined, { errors, attempts }: Outcome): void {
    const ending = errors.find(endsBatch);
    const models = modelsAsked(flags, this.#options.settings);
    if (ending) this.#end(models.length > 1 ? orLeftOut(ending, attempts.at(-1)?.model) : ending);
    this.#failures = state === 'failed' ? this.#failures + 1 : 0;
    if (this.#failures >= mostFailures) this.#end(errors[0]!);
  }

  #end(error: ImageError): void {
    this.#stoppedBy ??= error;
    // What is under way has its money already.
    if (error.code !== 'budget') this.#stop.abort(error);
  }
}

/** How many pictures a row asks for; what is no such number core refuses. */
function picturesOf({ flags: { n = 1 } }: BatchItem): number {
  const count = Number(n);
  return Number.isInteger(count) && count > 0 ? count : 1;
}

/** By account, as far as the name of the model tells. */
function laneOf({ flags }: BatchItem, settings: Settings): string {
  const [model = ''] = modelsAsked(flags, settings);
  return model.split('/', 1)[0]!;
}

/** Calls of an account that run at a time, where its provider does not say. */
const callsAtATime = 2;

/** Rows under way at a time: those whose calls may run, and some that are being kept, or wait for their turn. */
function rowsAtOnce(provider: string, { providers }: Settings, { atOnce }: BatchFlags): number {
  const rate = findProvider(providers, provider)?.definition.rate;
  const calls = Math.min(atOnce ?? rate?.concurrent ?? callsAtATime, rate?.concurrent ?? Number.POSITIVE_INFINITY);
  return calls + Math.max(2, Math.ceil(calls / 2));
}

function changed({ path }: BatchSpec): ImageError {
  return new ImageError('invalid-request', `${path} was changed since it was checked`, {
    details: { path },
    hint: 'Run the command again: it checks the file anew, and makes what is missing.',
  });
}
