// Names of core's words as fields of the API.

/** Fields whose names do not follow from core's. */
const others: { readonly [option: string]: string } = {
  partials: 'partial_images',
  images: 'image',
  'providerOptions.svgModel': 'svg.model',
  'providerOptions.svgEffort': 'svg.reasoning.effort',
};

/** OpenAI's own fields that are options of its provider. */
const ofProvider = [
  'moderation',
  'inputFidelity',
  'complexity',
  'frameCount',
  'frameDurationMs',
  'svg',
  'gif',
  'markup',
];

/** `output_format` for `outputFormat`; `provider_options.NAME` for an option that only the provider knows. */
export function paramOf(option: string): string {
  if (Object.hasOwn(others, option)) return others[option]!;
  const [, own] = /^providerOptions\.(.+)$/.exec(option) ?? [];
  if (own === undefined) return snake(option);
  if (own === 'svg' || own === 'gif') return 'output_format';
  return ofProvider.includes(own) ? snake(own) : `provider_options.${own}`;
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
