// Tells when a picture was made, by this server or by another program.

import { unwatchFile, watchFile } from 'node:fs';

/** Between two looks at the folder, ms. The system's own notices do not come from every disk. */
const lookMs = 500;

export interface GalleryWatch {
  /** Looks at this folder from now on, whether it is there yet or not. */
  follow(folder: string): void;
  close(): void;
}

export function watchGallery(onChange: () => void): GalleryWatch {
  let followed: string | undefined;
  const look = (now: { readonly mtimeMs: number }, before: { readonly mtimeMs: number }) => {
    if (now.mtimeMs !== before.mtimeMs) onChange();
  };
  const close = () => {
    if (followed !== undefined) unwatchFile(followed, look);
    followed = undefined;
  };
  return {
    follow(folder) {
      if (folder === followed) return;
      close();
      followed = folder;
      watchFile(folder, { interval: lookMs, persistent: false }, look);
    },
    close,
  };
}
