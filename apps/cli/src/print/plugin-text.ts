// What a plugin is, where it comes from and what it gets, for a person who decides.

import { cleanText, quotedWord } from '@anyimage/core';
import type { FetchedPlugin, PluginEntry, PluginFacts } from '@anyimage/host';
import { modelsText } from './provider-text.ts';
import { type Entry, entryLines } from './terminal/entries.ts';
import type { Paint } from './terminal/paint.ts';
import { columnsOf } from './terminal/wrap.ts';

/** What would be installed, and what it replaces. Lines without a final line break. */
export function fetchedText({ facts, before }: Pick<FetchedPlugin, 'facts' | 'before'>, paint: Paint): string {
  const { manifest, licence, integrity, dependencies, node } = facts;
  const { provider, hosts } = manifest;
  const keys = provider.keys.map(({ env }) => env);
  const entries: Entry[] = [
    ['package', packageText(facts, before)],
    ['models', modelsText(provider)],
    ['licence', licence === undefined ? 'it names none' : quotedWord(licence, 80)],
    ['from', fromText(facts)],
    ['integrity', integrity],
    [
      'hosts',
      hosts.length === 0
        ? 'none'
        : `${hosts.map((host) => newWord(host, before?.manifest.hosts)).join(', ')} would get pictures${keys.length > 0 ? ' and the key' : ''}`,
    ],
    [
      'keys',
      keys.length === 0
        ? 'none'
        : keys
            .map((key) =>
              newWord(
                key,
                before?.manifest.provider.keys.map(({ env }) => env),
              ),
            )
            .join(', '),
    ],
    ...(dependencies.length > 0 ? [['with it', dependencies.join(', ')] as const] : []),
    ['scripts', scriptsText(facts)],
    ...(node === undefined ? [] : [['Node', `${node} (this is ${process.versions.node})`] as const]),
  ];
  const title = `${paint('title', quotedWord(provider.label, 80))}  ${paint('name', provider.id)}`;
  return [title, ...entryLines(entries, paint, undefined, columnsOf(process.stderr))].join('\n');
}

function packageText({ package: name, version }: PluginFacts, before: PluginEntry | undefined): string {
  if (!before) return `${name} ${version}`;
  return `${name} ${version}, in place of ${before.version} from ${before.from}`;
}

function fromText({ source, url }: PluginFacts): string {
  if (source.kind === 'package') return url ?? `the registry of npm: ${source.from}`;
  return `the ${source.kind} ${cleanText(source.from)}`;
}

function newWord(word: string, before: readonly string[] | undefined): string {
  return !before || before.includes(word) ? word : `${word} (new)`;
}

function scriptsText({ withScripts }: PluginFacts): string {
  if (withScripts.length === 0) return 'it has none that run while it is installed';
  return `not run, though there are some of ${withScripts.join(', ')}: it may not work without`;
}
