/** The provider that needs no key and no network: what draws when nothing was chosen. */
export const embeddedProvider = 'sketch';
