// anyimage plugins

import { homeFolder, knownServices, readPluginList } from '@anyimage/host';
import { entryDocument } from '../../print/plugin-document.ts';
import { modelsText } from '../../print/provider-text.ts';
import { sayWarning } from '../../print/say.ts';
import { note } from '../../print/terminal/output.ts';
import { printDocument } from '../../print/terminal/print-document.ts';
import { printFooter, printTable } from '../../print/terminal/print-table.ts';

/** Lists the installed plugins without running their code, and returns the exit code. Throws `storage`. */
export async function listPlugins({ json }: { readonly json?: true }): Promise<number> {
  const home = homeFolder();
  const { plugins } = await readPluginList(home);
  const { plugins: used, notes } = await knownServices(home);
  const names = new Set(used.map((entry) => entry.package));
  const list = plugins.map((entry) => ({ entry, used: names.has(entry.package) }));
  if (json) printDocument({ plugins: list.map(({ entry, used }) => ({ ...entryDocument(entry), used })), notes });
  else {
    for (const text of notes) sayWarning(text);
    if (list.length === 0) note('no plugin is installed; anyimage plugins add PACKAGE installs one');
    else {
      const rows = list.map(({ entry: { package: name, version, from, manifest }, used }) => [
        manifest.provider.id,
        name,
        version,
        modelsText(manifest.provider),
        used ? 'yes' : 'no, see above',
        from,
      ]);
      printTable([['PLUGIN', 'PACKAGE', 'VERSION', 'MODELS', 'USED', 'FROM'], ...rows]);
      printFooter('anyimage plugins add PACKAGE installs one more; update and remove take a name of the first column.');
    }
  }
  return 0;
}
