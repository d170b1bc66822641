#!/usr/bin/env node
// anyimage-manifest: the last step of a provider package's build. Writes dist/manifest.json in the current folder: the provider's definition
// and where its code is, so that apps list and check models without running that code. Says in one line what does not fit.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What does not fit, in words for the author. */
class Unfit extends Error {}

try {
  await main();
} catch (error) {
  // Not exit(): what is written to a pipe would be cut.
  process.exitCode = 1;
  console.error(`anyimage-manifest: ${error instanceof Unfit ? error.message : (error?.stack ?? error)}`);
}

async function main() {
  const { anyimage, exports, ...manifest } = readPackage();
  const { contractVersion, checkRow, checkTable, describeProvider, hostsOf, configSchemaOf } = await importCore();
  const places = {
    factory: placeOf(exports, '.', anyimage.factory),
    emulator: placeOf(exports, './emulator', 'emulator'),
  };
  checkPackage(manifest, exports);

  const make = await exported(places.factory, 'anyimage.factory of package.json');
  const made = attempt(() => make(), `${places.factory.name}() throws`);
  const provider = describeProvider(made);
  if (provider.id !== anyimage.provider) {
    refuse(`anyimage.provider of package.json is ${show(anyimage.provider)}, but the code says ${show(provider.id)}`);
  }
  const problem =
    checkTable(provider.models, { strict: true }) ??
    (provider.unlisted && checkRow(provider.unlisted, { strict: true, unlisted: true }));
  if (problem) refuse(`its table is not right: ${problem.text}`);
  const written = {
    contract: contractVersion,
    provider,
    factory: places.factory,
    ...(anyimage.emulator !== undefined && {
      emulator: await emulatorOf(anyimage.emulator, places.emulator, provider),
    }),
    hosts: hostsOf(provider),
    config: configSchemaOf(made),
  };
  writeFileSync('dist/manifest.json', `${JSON.stringify(written)}\n`);
}

function readPackage() {
  if (!existsSync('package.json')) refuse('run it in the folder of the package: here is no package.json');
  const manifest = attempt(() => JSON.parse(readFileSync('package.json', 'utf8')), 'package.json is no JSON');
  const { anyimage } = manifest;
  const example = '"anyimage": { "provider": "it", "factory": "it", "emulator": "it" }';
  if (typeof anyimage?.provider !== 'string' || typeof anyimage.factory !== 'string') {
    refuse(`package.json must say which provider it has and what makes it: ${example}; emulator may be left out`);
  }
  return manifest;
}

/** What an app and a person need of the package besides the code. */
function checkPackage({ keywords, engines, type, dependencies, peerDependencies }, exports) {
  if (!keywords?.includes('anyimage-provider')) refuse('keywords of package.json must have "anyimage-provider"');
  if (type !== 'module') refuse('package.json must say "type": "module"');
  if (typeof engines?.node !== 'string')
    refuse('package.json must say "engines": { "node": ">=22.19.0" }, or what it needs');
  if (fileOf(exports, './manifest.json') !== './dist/manifest.json') {
    refuse('exports of package.json must have "./manifest.json": "./dist/manifest.json"');
  }
  if (dependencies?.['@anyimage/core'] !== undefined || peerDependencies?.['@anyimage/core'] === undefined) {
    refuse('@anyimage/core must be in peerDependencies of package.json, not in dependencies: the app brings it');
  }
}

/** The package's own core: the contract that its code is built for. */
async function importCore() {
  const require = createRequire(join(process.cwd(), 'package.json'));
  const path = attempt(() => require.resolve('@anyimage/core'), '@anyimage/core is not installed here');
  return import(pathToFileURL(path).href);
}

/** The built module of an entry of exports, or undefined where there is no such entry. */
function placeOf(exports, entry, name) {
  const module = fileOf(exports, entry);
  return typeof module === 'string' ? { module, name } : undefined;
}

function fileOf(exports, entry) {
  const value = exports?.[entry];
  return typeof value === 'object' && value !== null ? (value.import ?? value.default) : value;
}

async function exported(place, saidBy) {
  if (!place) refuse('exports of package.json must have "." with the built module, such as "./dist/index.js"');
  const { module, name } = place;
  if (!existsSync(module)) refuse(`${module} is not built`);
  const code = await import(pathToFileURL(module).href).catch((error) => refuse(`${module} throws: ${error.message}`));
  if (code[name] === undefined) refuse(`${module} exports no ${name}, which ${saidBy} asks for`);
  return code[name];
}

async function emulatorOf(id, place, { keys, baseURLs = [] }) {
  if (!place)
    refuse('exports of package.json must have "./emulator" with the built module: anyimage.emulator names one');
  const emulator = await exported(place, 'anyimage.emulator of package.json');
  const { keyEnv, baseURLEnv } = emulator;
  if (emulator.id !== id) {
    refuse(`anyimage.emulator of package.json is ${show(id)}, but the code says ${show(emulator.id)}`);
  }
  if (keys.length > 0 && !keys.some(({ env }) => env === keyEnv)) {
    refuse(`the emulator gives the key by ${keyEnv}, which the provider does not read`);
  }
  if (!baseURLs.some(({ env }) => env === baseURLEnv)) {
    refuse(`the emulator gives its address by ${baseURLEnv}, which is not in baseURLs of the provider`);
  }
  return { id, ...place, keyEnv, baseURLEnv };
}

/** What `task` returns; refuses with `what` and the reason if it throws. */
function attempt(task, what) {
  try {
    return task();
  } catch (error) {
    return refuse(`${what}: ${error.message.split('\n')[0]}`);
  }
}

function refuse(message) {
  throw new Unfit(message);
}

function show(value) {
  return JSON.stringify(value);
}
