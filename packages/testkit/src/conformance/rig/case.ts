import type { ImageCodec, ModelCapabilities, ProviderDefinition, ProviderFactory } from '@anyimage/core';
import type { EmulatorFactory } from '../../emulator/emulator.ts';
import { type Target, targetsOf } from './targets.ts';

/** What the suite examines. */
export interface Subject {
  /** What `defineProvider` gave. */
  readonly provider: ProviderFactory;
  /** The service on loopback. Without it the cases about HTTP do not apply. */
  readonly emulator?: EmulatorFactory;
  /** For services that take masks in another form than ours; without it their inpainting is refused. */
  readonly codec?: ImageCodec;
  /** How long one request of a broken provider may hold up the suite, ms; default 10 s. */
  readonly patienceMs?: number;
}

/** One promise that every provider keeps. Cases know nothing of a test runner. */
export interface Case {
  /** Stable and unique: `no-double-spend`. */
  readonly id: string;
  /** A sentence about behaviour. */
  readonly title: string;
  /** `true`, or why it does not apply to this provider: shown in the title of the skipped test. */
  applies(subject: Subject): true | string;
  /** Throws where the promise is broken. */
  run(subject: Subject): Promise<void>;
}

/** Applies to every provider. */
export const always = (): true => true;

/** Applies where the service is at hand. */
export function withEmulator({ emulator }: Subject): true | string {
  return emulator ? true : 'no emulator';
}

/** Applies where the service is at hand and a model has what is asked for. */
export function withModel(what: string, has: (target: Target) => boolean): Case['applies'] {
  return (subject) => {
    if (!subject.emulator) return 'no emulator';
    return targetsOf(subject).some(has) ? true : `no model ${what}`;
  };
}

/** Pictures come as URLs. */
export const byURL = (target: Target): boolean => target.row.delivery.as === 'url';
/** The model works through jobs. */
export const byJob = (target: Target): boolean => target.mode === 'job';

/** The first target of each mode, so that calls and jobs are both examined. */
export function eachMode(subject: Subject, has: (target: Target) => boolean = () => true): readonly Target[] {
  const targets = targetsOf(subject).filter(has);
  return ['call', 'job'].flatMap((mode) => targets.find((target) => target.mode === mode) ?? []);
}

/** The rows of a table, the row for unlisted models included. */
export function rowsOf({ models, unlisted }: ProviderDefinition): readonly (readonly [string, ModelCapabilities])[] {
  return [...Object.entries(models), ...(unlisted ? ([['unlisted', unlisted]] as const) : [])];
}
