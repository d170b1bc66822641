// How the server is bundled, in its own package and in that of the command line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { lateFiles } from '../../scripts/bundle.mjs';

/** What makes a validator of every type of the protocol at the start, for programs that ask for one by its name. This one does not. */
const validatorsByName = /^for \(const .*\) register\(key, .*\);$/gm;

/**
 * The SDK's schemas without those that nothing here uses: each is made by a call at the start, which the bundler may leave out only where
 * it is told that the call does nothing else.
 */
const usedSchemas = {
  name: 'used-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@modelcontextprotocol[\\/](core|server)[\\/]dist[\\/].*\.mjs$/ }, ({ path }) => {
      const code = readFileSync(path, 'utf8').replace(validatorsByName, (loop) => ' '.repeat(loop.length));
      return { contents: markPure(path, code) };
    });
  },
};

function markPure(path, code) {
  const calls = parseSync(path, code)
    .program.body.filter(({ type }) => type === 'VariableDeclaration')
    .flatMap(({ declarations }) => declarations.map(({ init }) => init))
    .filter((init) => init?.type === 'CallExpression');
  return calls.reduceRight(
    (text, { start, end }) =>
      `${text.slice(0, start)}/* @__PURE__ */ (() => ${text.slice(start, end)})()${text.slice(end)}`,
    code,
  );
}

const src = fileURLToPath(new URL('src/', import.meta.url));
const start = join(src, 'start.ts');
const late = lateFiles(src);

export const serverOptions = {
  // What is loaded late imports again what runs by then, so that all that the start needs is in one file.
  alsoImports: (path) => (late.has(path) && path !== start ? start : undefined),
  plugins: [usedSchemas],
  // Names stay, for stack traces; less text is read and hashed at every start.
  minifyWhitespace: true,
  minifySyntax: true,
  // The SDK's own brings a JSON Schema compiler that this server has no use for: a third of the whole start.
  alias: { '@modelcontextprotocol/server/_shims': fileURLToPath(new URL('src/server/sdk-shims.ts', import.meta.url)) },
};
