/** What was looked for in an SDK is not there, or is of a form that is not understood. */
export class Unread extends Error {}
