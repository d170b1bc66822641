// Undici, loaded when it is needed. In a bundle of modules it needs help: it is CommonJS, and asks for Node's own modules by `require`,
// which is not there.

/** Loads undici. */
export async function loadUndici() {
  if (isInBundle(import.meta.url) && !('require' in globalThis)) giveRequire();
  return (await import('undici')).default;
}

/** Whether this module is a part of a bundle of modules: then it is not known by its own name. In one of CommonJS it is known by none. */
function isInBundle(url: string | undefined): boolean {
  return url !== undefined && !/\/http\/undici\.[jt]s(?:\?|$)/.test(url);
}

/**
 * What bundlers put in the place of `require` looks for a global one at each call. It gives the modules of Node alone, some of which are
 * asked for only when a connection is made: so it stays.
 */
function giveRequire(): void {
  const value = (name: string): unknown => {
    const found: unknown = process.getBuiltinModule(name);
    if (found !== undefined) return found;
    throw new Error(`Dynamic require of "${name}" is not supported`);
  };
  Object.defineProperty(globalThis, 'require', { value, configurable: true, writable: true });
}
