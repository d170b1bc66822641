// How the server is bundled, in its own package and in that of the command line.
import { fileURLToPath } from 'node:url';

export const serverOptions = {
  // Names stay, for stack traces; less text is read and hashed at every start.
  minifyWhitespace: true,
  minifySyntax: true,
  // The SDK's own brings a JSON Schema compiler that this server has no use for: a third of the whole start.
  alias: { '@modelcontextprotocol/server/_shims': fileURLToPath(new URL('src/server/sdk-shims.ts', import.meta.url)) },
};
