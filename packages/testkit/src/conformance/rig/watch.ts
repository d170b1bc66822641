// A provider that is watched at work: which of its functions ran, on which call, and what came of it.

import type { ImageProvider, JobApi, ProviderCall } from '@anyimage/core';

/** One run of one of its functions. */
export interface Work {
  readonly name: 'generate' | 'submit' | 'check' | 'cancel' | 'discover';
  /** What `generate` or `submit` was given. */
  readonly call?: ProviderCall;
  /** What it was given, as it was before. */
  readonly before?: ProviderCall;
  ended: boolean;
  /** What it resolved with. */
  result?: unknown;
}

/** Runs a function of the provider; for whoever wants to know in which surroundings. */
export type Around = <T>(name: Work['name'], context: unknown, run: (context: never) => Promise<T>) => Promise<T>;

/** The provider as it is, with each run of its functions noted in `works`. */
export function watch(
  provider: ImageProvider,
  works: Work[],
  around: Around = (_, context, run) => run(context as never),
): ImageProvider {
  const { generate, jobs, discover } = provider;

  async function note<T>(
    name: Work['name'],
    context: unknown,
    call: ProviderCall | undefined,
    run: (context: never) => Promise<T>,
  ): Promise<T> {
    const work: Work = { name, ended: false, ...(call && { call, before: copyOf(call) }) };
    works.push(work);
    try {
      const result = await around(name, context, run);
      work.result = result;
      return result;
    } finally {
      work.ended = true;
    }
  }

  // What it inherits, and what is not watched, stays.
  const watchedJobs = jobs && (Object.create(jobs) as JobApi);
  if (jobs && watchedJobs) {
    const { cancel } = jobs;
    Object.assign<JobApi, Partial<JobApi>>(watchedJobs, {
      submit: (call, context, planned) =>
        note('submit', context, call, (context) =>
          planned === undefined ? jobs.submit(call, context) : jobs.submit(call, context, planned),
        ),
      check: (ticket, context) => note('check', context, undefined, (context) => jobs.check(ticket, context)),
      ...(cancel && {
        cancel: (ticket, context) =>
          note('cancel', context, undefined, (context) => cancel.call(jobs, ticket, context)),
      }),
    });
  }
  return {
    ...provider,
    ...(generate && {
      generate: (call, context) => note('generate', context, call, (context) => generate.call(provider, call, context)),
    }),
    ...(watchedJobs && { jobs: watchedJobs }),
    ...(discover && {
      discover: (context) => note('discover', context, undefined, (context) => discover.call(provider, context)),
    }),
  };
}

/** A copy of a call, which shares the table's part of it. */
export function copyOf({ limits, ...words }: ProviderCall): ProviderCall {
  return { ...structuredClone(words), limits };
}
