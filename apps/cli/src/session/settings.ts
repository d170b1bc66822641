import { loadSettings, type Settings } from '@anyimage/host';
import { noteText } from '../print/outcome-text.ts';
import { tellNotice } from '../print/tell-notice.ts';
import { note } from '../print/terminal/output.ts';
import { paintFor } from '../print/terminal/paint.ts';

export type { Settings } from '@anyimage/host';

/** The settings that hold here; what the person should know of them is said on stderr. Throws `config`, `storage`. */
export async function readSettings(): Promise<Settings> {
  const settings = await loadSettings({ onNotice: tellNotice });
  for (const line of settings.notes) note(noteText(line, paintFor(process.stderr)));
  return settings;
}
