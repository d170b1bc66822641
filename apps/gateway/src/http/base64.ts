// Base64 as bytes: a text of it would lie in the memory that is collected until the connection has taken it.

const letters = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
/** The two letters of each 12 bits. */
const pairs = new Uint8Array(8192);
for (let bits = 0; bits < 4096; bits++) {
  pairs[2 * bits] = letters[bits >> 6]!;
  pairs[2 * bits + 1] = letters[bits & 63]!;
}
const padding = 61;

/** Writes the base64 of `bytes` to the beginning of `room`, which must have four bytes for each three; gives how many it has. */
export function encodeBase64(bytes: Uint8Array, room: Uint8Array): number {
  const whole = bytes.length - (bytes.length % 3);
  let to = 0;
  for (let from = 0; from < whole; from += 3) {
    const bits = (bytes[from]! << 16) | (bytes[from + 1]! << 8) | bytes[from + 2]!;
    const high = (bits >> 12) << 1;
    const low = (bits & 4095) << 1;
    room[to] = pairs[high]!;
    room[to + 1] = pairs[high + 1]!;
    room[to + 2] = pairs[low]!;
    room[to + 3] = pairs[low + 1]!;
    to += 4;
  }
  const left = bytes.length - whole;
  if (left === 0) return to;
  const bits = (bytes[whole]! << 16) | ((left === 2 ? bytes[whole + 1]! : 0) << 8);
  room[to] = letters[bits >> 18]!;
  room[to + 1] = letters[(bits >> 12) & 63]!;
  room[to + 2] = left === 2 ? letters[(bits >> 6) & 63]! : padding;
  room[to + 3] = padding;
  return to + 4;
}
