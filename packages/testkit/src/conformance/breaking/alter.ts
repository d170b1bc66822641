// Puts one fault into any provider that is right: into what it is given, sends, returns or throws, or into its table.

import type {
  CallContext,
  HttpRequest,
  ImageError,
  ImageProvider,
  JobApi,
  JobState,
  Json,
  Limits,
  ModelTable,
  ProviderCall,
  ProviderResult,
} from '@anyimage/core';

/** Where a fault is. What is absent stays right. */
export interface Fault {
  /** In place of what a call says. */
  readonly call?: (call: ProviderCall, provider: ImageProvider) => object;
  /** In place of what the provider sends. */
  readonly send?: (send: CallContext['http']['send'], request: HttpRequest) => ReturnType<CallContext['http']['send']>;
  /** In place of what it returns. */
  readonly result?: (result: ProviderResult, call: Pick<ProviderCall, 'prompt'> | undefined) => object;
  /** In place of what a job's state is said to be. */
  readonly state?: (state: JobState<Json>) => JobState<Json>;
  /** In place of what it throws, and of the error of a job that ended. */
  readonly error?: (error: ImageError) => unknown;
  /** Besides what it does: before it answers a call. */
  readonly meanwhile?: (context: CallContext, provider: ImageProvider, result: ProviderResult | undefined) => unknown;
  /** In place of what a question after a job throws. */
  readonly unanswered?: (error: ImageError) => JobState<Json>;
  /** In place of what is known of the cost of a job. */
  readonly cost?: (cost: NonNullable<ProviderResult['cost']>) => NonNullable<ProviderResult['cost']> | undefined;
  /** In place of the limits of each row and operation. */
  readonly limits?: (limits: Limits) => object;
  /** In place of anything else of the provider. */
  readonly parts?: (provider: ImageProvider) => object;
}

/** The provider with the fault. */
export function withFault(provider: ImageProvider, fault: Fault): ImageProvider {
  const { generate, jobs } = provider;
  const wrong = { ...provider, models: tableWith(provider.models, fault) };

  function contextOf(context: CallContext): CallContext {
    const { send } = fault;
    if (!send) return context;
    return { ...context, http: { send: (request) => send((one) => context.http.send(one), request) } };
  }
  const callOf = (call: ProviderCall): ProviderCall => ({ ...call, ...fault.call?.(call, provider) });
  const resultOf = (result: ProviderResult, call?: ProviderCall): ProviderResult => ({
    ...result,
    ...fault.result?.(result, call),
  });
  const thrown = (error: unknown): never => {
    throw fault.error?.(error as ImageError) ?? error;
  };

  if (generate) {
    wrong.generate = async (call, context) => {
      const result = await generate.call(provider, callOf(call), contextOf(context)).catch(thrown);
      await fault.meanwhile?.(context, provider, result);
      return resultOf(result, call);
    };
  }
  if (jobs) wrong.jobs = jobsWith(jobs);
  return { ...wrong, ...fault.parts?.(provider) };

  function jobsWith(jobs: JobApi): JobApi {
    const { cost } = jobs;
    return Object.assign<JobApi, Partial<JobApi>>(Object.create(jobs) as JobApi, {
      async submit(call, context, planned) {
        const ticket = await jobs.submit(callOf(call), contextOf(context), planned as never).catch(thrown);
        await fault.meanwhile?.(context, provider, undefined);
        return ticket;
      },
      async check(ticket, context) {
        const said = await jobs.check(ticket, contextOf(context)).catch((error: ImageError) => {
          if (fault.unanswered && error.code === 'bad-response') return fault.unanswered(error);
          return thrown(error);
        });
        const state = fault.state?.(said) ?? said;
        if (state.state === 'done') {
          await fault.meanwhile?.(context, provider, state.result);
          return { ...state, result: resultOf(state.result) };
        }
        return 'error' in state && fault.error ? { ...state, error: fault.error(state.error) as ImageError } : state;
      },
      ...(cost && {
        cost(ticket) {
          const known = cost.call(jobs, ticket);
          return known && fault.cost ? fault.cost(known) : known;
        },
      }),
    });
  }
}

function tableWith(models: ModelTable, { limits: change }: Fault): ModelTable {
  if (!change) return models;
  const changed = (limits: Limits) => ({ ...limits, ...change(limits) });
  const rows = Object.entries(models).map(([id, row]) => {
    const operations = Object.entries(row.operations).map(([name, limits]) => [name, changed(limits)]);
    return [id, { ...changed(row), operations: Object.fromEntries(operations) }];
  });
  return Object.fromEntries(rows) as ModelTable;
}
