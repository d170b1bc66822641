// What core tells whoever works with tickets, in what an agent can do: it has get_image, and no way to drop a ticket.

const rewordings: readonly (readonly [RegExp, string])[] = [
  [/\bresume ticket (t-[\w-]+)/gi, 'call get_image with id "$1"'],
  [/\bresume again\b/gi, 'call get_image once more'],
  [/\bresume it\b/gi, 'call get_image with the id of the ticket'],
  [/\bresume the ticket\b/gi, 'call get_image with the id of the ticket'],
  [/, drop the ticket and ask again/gi, ', ask once more'],
  [/; if [^;.]*, drop the ticket/gi, ''],
  [/; drop (?:it|the ticket) if [^;.]*/gi, ''],
  [/,? (?:and|or) drop (?:it|the ticket)/gi, ''],
  [/ until it is dropped/gi, ''],
];

/** A hint of core, for an agent. */
export function forAgent(hint: string): string {
  return rewordings.reduce((text, [said, meant]) => text.replace(said, meant), hint);
}
