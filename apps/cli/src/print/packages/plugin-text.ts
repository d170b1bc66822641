// What a plugin is, where it comes from and what it gets, for a person who decides.

import { cleanText, type ProviderManifest, quotedWord } from '@anyimage/core';
import type { FetchedPlugin, PluginEntry, PluginFacts } from '@anyimage/host';
import { modelsText } from '../provider-text.ts';
import { type Entry, entryLines } from '../terminal/entries.ts';
import type { Paint } from '../terminal/paint.ts';
import { columnsOf } from '../terminal/wrap.ts';

/** What would be installed, and what it replaces. Lines without a final line break. */
export function fetchedText({ facts, before }: Pick<FetchedPlugin, 'facts' | 'before'>, paint: Paint): string {
  const { manifest, licence, integrity, dependencies } = facts;
  const { provider } = manifest;
  const entries: Entry[] = [
    ['package', packageText(facts, before)],
    ['models', modelsText(provider)],
    ['licence', licence === undefined ? 'it names none' : quotedWord(licence, 80)],
    ['from', fromText(facts)],
    ['integrity', integrity],
    ['hosts', hostsText(manifest, before?.manifest)],
    [
      'keys',
      keysOf(manifest)
        .map((key) => marked(key, before && keysOf(before.manifest)))
        .join(', ') || 'none',
    ],
    ...(dependencies.length > 0 ? [['with it', dependencies.join(', ')] as const] : []),
    ['scripts', scriptsText(facts)],
  ];
  const title = `${paint('title', quotedWord(provider.label, 80))}  ${paint('name', provider.id)}`;
  return [title, ...entryLines(entries, paint, undefined, columnsOf(process.stderr))].join('\n');
}

function keysOf({ provider }: ProviderManifest): readonly string[] {
  return provider.keys.map(({ env }) => env);
}

/** A host that begins with a dot stands for all below it. */
function hostsText(manifest: ProviderManifest, before: ProviderManifest | undefined): string {
  if (manifest.hosts.length === 0) return 'none';
  const hosts = manifest.hosts.map((host) => marked(host, before?.hosts).replace(/^\./, 'all below '));
  return `${hosts.join(', ')} get your pictures${keysOf(manifest).length > 0 ? ' and the key' : ''}`;
}

function packageText({ package: name, version }: PluginFacts, before: PluginEntry | undefined): string {
  if (!before) return `${name} ${version}`;
  return `${name} ${version}, in place of ${before.version} from ${before.from}`;
}

function fromText({ source, url }: PluginFacts): string {
  if (source.kind === 'package') return url ?? `the registry of npm: ${source.from}`;
  return `the ${source.kind} ${cleanText(source.from)}`;
}

/** With a word on what was not wanted before. */
function marked(word: string, before: readonly string[] | undefined): string {
  return !before || before.includes(word) ? word : `${word} (new)`;
}

function scriptsText({ withScripts }: PluginFacts): string {
  if (withScripts.length === 0) return 'it has none that run while it is installed';
  return `not run, though there are some of ${withScripts.join(', ')}: it may not work without`;
}
