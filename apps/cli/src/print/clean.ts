/** Text of a service or file, safe to show: control characters could move the cursor or set a title. Lines are kept. */
export function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/(?!\n)[\p{Cc}\p{Bidi_Control}]/gu, ' ');
}
