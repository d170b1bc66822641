// The config of the project that one is in: which of its keys are used here.

import { dirname } from 'node:path';
import { shortList } from '@anyimage/core';
import type { ConfigFile } from '../config/config-files.ts';
import { type FlatConfig, flatten } from '../config/config-keys.ts';
import { type TrustState, trustOf, withoutTrust } from '../config/trust.ts';
import { placeOfPath } from '../files/home.ts';

/** The config of the project that one is in. */
export interface Project extends ConfigFile {
  readonly trust: TrustState;
  /** Keys that are not used because they need trust. */
  readonly refused: readonly string[];
}

export interface JudgedProject {
  readonly project: Project;
  /** What is used of it. */
  readonly keys: FlatConfig;
}

export interface JudgeOptions {
  /** The folder of what is not a picture, where the list of trusted configs is. */
  readonly home: string;
  /** Names that an alias of the project may not take. */
  readonly namesInUse: readonly string[];
  /** Takes the project for trusted. */
  readonly asTrusted: boolean | undefined;
}

/** Looks up whether a project's config is trusted, and picks the keys that may be used. */
export async function judgeProject(
  file: ConfigFile,
  { home, namesInUse, asTrusted }: JudgeOptions,
): Promise<JudgedProject> {
  const trust = asTrusted ? 'trusted' : await trustOf(home, file);
  const { allowed, refused } =
    trust === 'trusted' ? { allowed: flatten(file.config), refused: [] } : await withoutTrust(file, namesInUse);
  return { project: { ...file, trust, refused }, keys: resolveOutput(allowed, file.path) };
}

/** A project's output folder is meant from the project, not from where one is. */
function resolveOutput(keys: FlatConfig, path: string): FlatConfig {
  const output = keys.get('output');
  if (output === undefined) return keys;
  return new Map([...keys, ['output', placeOfPath(String(output), dirname(path))]]);
}

/** Of a judged config, without keys that are not followed either. */
export function withoutKeys({ project, keys }: JudgedProject, more: readonly string[]): JudgedProject {
  const dropped = new Set(more);
  const left = [...keys].filter(([key]) => !dropped.has(key));
  return { project: { ...project, refused: [...project.refused, ...more] }, keys: new Map(left) };
}

/** What a person should know of a project's config: the wishes that were not followed. */
export function projectNotes({ path, refused, trust }: Project): string[] {
  if (refused.length === 0) return [];
  const why = trust === 'changed' ? 'it changed since you trusted it' : 'you have not trusted it';
  return [`${path} wants to set ${shortList(refused)}: not used, ${why}; anyimage trust shows what would change`];
}
