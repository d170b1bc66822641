import type { ImageStore } from '@anyimage/core';

/** One store for many requests at a time, each of which has its own: `current` gives that of the request at work. */
export function storeOfCurrent(current: () => ImageStore): ImageStore {
  return {
    open: (hint) => current().open(hint),
    expect: (pictures) => current().expect!(pictures),
    rescue: (hint) => current().rescue!(hint),
    find: (ref) => current().find!(ref),
    keepAnswer: (body) => current().keepAnswer!(body),
    forget: (ref) => current().forget!(ref),
  };
}
