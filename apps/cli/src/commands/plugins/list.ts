// anyimage plugins

import { cleanText } from '@anyimage/core';
import { homeFolder, knownServices, pluginProblem, readPluginList } from '@anyimage/host';
import { entryDocument } from '../../print/packages/plugin-document.ts';
import { modelsText } from '../../print/provider-text.ts';
import { sayWarning } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { printFooter, printTable } from '../../print/terminal/print-table.ts';
import { translated } from '../../print/words/translated.ts';

/** Lists the installed plugins without running their code, and returns the exit code. Throws `storage`. */
export async function listPlugins({ json }: { readonly json?: true }): Promise<number> {
  const home = homeFolder();
  const { plugins } = await readPluginList(home);
  const { plugins: used, notes } = await knownServices(home);
  const names = used.map((entry) => entry.package);
  const list = [];
  for (const entry of plugins) {
    const problem = await pluginProblem(entry, home);
    list.push({ entry, used: names.includes(entry.package), problem });
  }
  if (json) {
    const documents = list.map(({ entry, used, problem }) => ({
      ...entryDocument(entry),
      works: used && !problem,
      ...(problem && { error: problem.toJSON() }),
    }));
    printDocument({ plugins: documents, notes });
    return 0;
  }
  for (const text of notes) sayWarning(text);
  for (const { problem } of list) if (problem) sayWarning(`${problem.message}. ${problem.hint ?? ''}`);
  if (list.length === 0) note(translated('no plugin is installed; anyimage plugins add PACKAGE installs one'));
  else {
    const rows = list.map(({ entry: { package: name, version, from, manifest }, used, problem }) => [
      manifest.provider.id,
      name,
      version,
      modelsText(manifest.provider),
      translated(used && !problem ? 'yes' : 'no'),
      cleanText(from),
    ]);
    printTable([['PLUGIN', 'PACKAGE', 'VERSION', 'MODELS', 'WORKS', 'FROM'], ...rows]);
    printFooter(
      translated('anyimage plugins add PACKAGE installs one more; update and remove take a name of the first column.'),
    );
  }
  return 0;
}
