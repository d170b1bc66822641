// Pictures in the viewer of this machine.

import { ImageError, messageOf } from '@anyimage/core';
import { sayWarning } from '../../print/say.ts';

/** Opens files, each in the viewer that is meant for it. Throws `unsupported` where there is no screen, or nothing that shows them. */
export async function openInViewer(paths: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const isBare = process.platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY && !env.WSL_DISTRO_NAME;
  if (isBare) throw notOpened(paths, 'this session has no screen to open pictures on');
  const { default: open } = await import('open');
  for (const path of paths) {
    try {
      await open(path);
    } catch (error) {
      throw notOpened(paths, `no viewer could be started: ${messageOf(error)}`);
    }
  }
}

/** The same after pictures were made: that nothing shows them is no failure of theirs. */
export async function openMade(paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  try {
    await openInViewer(paths);
  } catch (error) {
    if (!ImageError.isInstance(error)) throw error;
    sayWarning(`${error.message}. ${error.hint}`);
  }
}

function notOpened(paths: readonly string[], message: string): ImageError {
  const hint = paths.length === 1 ? `The picture is ${paths[0]}.` : `The pictures are ${paths.join(', ')}.`;
  return new ImageError('unsupported', message, { hint });
}
