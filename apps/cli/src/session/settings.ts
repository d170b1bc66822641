import { loadSettings, type Settings } from '@anyimage/host';
import { sayNote, sayNotice } from '../print/say.ts';

export type { Settings } from '@anyimage/host';

/** The settings that hold here; what the person should know of them is said on stderr. Throws `config`, `storage`. */
export async function readSettings(): Promise<Settings> {
  const settings = await loadSettings({ onNotice: sayNotice });
  for (const line of settings.notes) sayNote(line);
  return settings;
}
