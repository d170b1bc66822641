// What a plugin is, where it comes from and what it gets, for a person who decides.

import { cleanText, type ProviderManifest, quotedWord } from '@anyimage/core';
import type { FetchedPlugin, PluginEntry, PluginFacts } from '@anyimage/host';
import { modelsText } from '../provider-text.ts';
import { type Entry, entryLines } from '../terminal/entries.ts';
import type { Paint } from '../terminal/paint.ts';
import { columnsOf } from '../terminal/wrap.ts';
import { translated } from '../words/translated.ts';

/** What would be installed, and what it replaces. Lines without a final line break. */
export function fetchedText({ facts, before }: Pick<FetchedPlugin, 'facts' | 'before'>, paint: Paint): string {
  const { manifest, licence, integrity, dependencies } = facts;
  const { provider } = manifest;
  const entries: Entry[] = [
    ['package', packageText(facts, before)],
    ['models', modelsText(provider)],
    ['licence', licence === undefined ? translated('it names none') : quotedWord(licence, 80)],
    ['from', fromText(facts)],
    ['integrity', integrity],
    ['hosts', hostsText(manifest, before?.manifest)],
    [
      'keys',
      keysOf(manifest)
        .map((key) => marked(key, before && keysOf(before.manifest)))
        .join(', ') || translated('none'),
    ],
    ...(dependencies.length > 0 ? [['with it', dependencies.join(', ')] as const] : []),
    ['scripts', scriptsText(facts)],
  ];
  const title = `${paint('title', quotedWord(provider.label, 80))}  ${paint('name', provider.id)}`;
  const shown = entries.map(([word, text]): Entry => [translated(word), text]);
  return [title, ...entryLines(shown, paint, undefined, columnsOf(process.stderr))].join('\n');
}

function keysOf({ provider }: ProviderManifest): readonly string[] {
  return provider.keys.map(({ env }) => env);
}

/** A host that begins with a dot stands for all below it. */
function hostsText(manifest: ProviderManifest, before: ProviderManifest | undefined): string {
  if (manifest.hosts.length === 0) return translated('none');
  const hosts = manifest.hosts
    .map((host) => marked(host, before?.hosts))
    .map((host) => (host.startsWith('.') ? translated('all below {host}', { host: host.slice(1) }) : host))
    .join(', ');
  return keysOf(manifest).length > 0
    ? translated('{hosts} get your pictures and the key', { hosts })
    : translated('{hosts} get your pictures', { hosts });
}

function packageText({ package: name, version }: PluginFacts, before: PluginEntry | undefined): string {
  if (!before) return `${name} ${version}`;
  const { version: old, from } = before;
  return translated('{package}, in place of {version} from {place}', {
    package: `${name} ${version}`,
    version: old,
    place: from,
  });
}

function fromText({ source, url }: PluginFacts): string {
  if (source.kind === 'package') return url ?? translated('the registry of npm: {name}', { name: source.from });
  return translated(`the ${source.kind} {path}`, { path: cleanText(source.from) });
}

/** With a word on what was not wanted before. */
function marked(word: string, before: readonly string[] | undefined): string {
  return !before || before.includes(word) ? word : translated('{word} (new)', { word });
}

function scriptsText({ withScripts }: PluginFacts): string {
  if (withScripts.length === 0) return translated('it has none that run while it is installed');
  return translated('not run, though there are some of {names}: it may not work without', {
    names: withScripts.join(', '),
  });
}
