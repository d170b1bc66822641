import { providers } from '@anyimage/host';

/** The second half of the help: examples, and where settings come from. */
export function helpText(): string {
  const keyed = keyedProviders();
  const names = keyed.map(({ id, keys }) => `  ${id.padEnd(20)} ${keys.map((key) => key.env).join(' or ')}`);
  return `
${examplesText()}

Keys are read from the environment, else from where anyimage keys set PROVIDER put them:
${names.join('\n')}

Settings stay with anyimage config set KEY VALUE; the environment wins over them:
  ANYIMAGE_MODEL       the model when -m is not given; anyimage use PROVIDER keeps it
  ANYIMAGE_OUTPUT      the folder for pictures; default the current one
  ANYIMAGE_HOME        config, keys, history, tickets; default ~/.anyimage
  ANYIMAGE_KEYCHAIN    off = stored keys are kept in a file, not in the keychain
  HTTPS_PROXY, NO_PROXY, NO_COLOR, ANYIMAGE_DEBUG=1

Paths of pictures go to stdout, everything else to stderr. Beside each picture lies a JSON file about it.
Exit codes: 0 all made, 3 some made, 1 none made though something was sent, 2 nothing was sent, 130 interrupted.`;
}

/** The first things to try. */
export function examplesText(): string {
  const example = keyedProviders()[0]?.id ?? 'PROVIDER';
  return `Examples:
  anyimage "a paper boat at dawn"                       drawn on this machine: no key, no network
  anyimage "a red sailboat" --size 1344x768 -o boat.png
  anyimage "a cute kitten" -m ${example} -n 4 -o kittens/
  anyimage "make it night" -i boat.png
  anyimage keys set ${example.padEnd(35)} store the key of a service
  anyimage history kitten                               find what was made; info and again tell and repeat how
  anyimage models ${example.padEnd(37)} what a provider offers, and its prices
  anyimage jobs resume                                  fetch what is paid for and not here yet`;
}

function keyedProviders() {
  return providers.map(({ definition }) => definition).filter(({ keys }) => keys.length > 0);
}
