// Captured: the program may replace them.
const [Bytes, Words] = [Uint8Array, Int32Array];

/** The prime and the offset of 32-bit FNV-1a (draft-eastlake-fnv), and another offset for the second lane. */
const PRIME = 0x01000193;
const OFFSETS = [0x811c9dc5, 0x1b873593] as const;

/**
 * 64 bits of a text, as 16 hexadecimal digits: two lanes of FNV-1a over its UTF-16 units. Good enough for texts that
 * nobody made to collide; takes a millisecond per megabyte. Loading `node:crypto` instead would add 3 ms to every start.
 */
export function hashText(text: string): string {
  let [low, high] = OFFSETS as readonly [number, number];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, PRIME);
    high = Math.imul(high ^ (unit + (high >>> 24)), PRIME);
  }
  return toDigits(low, high);
}

/**
 * The same for bytes, four at a time: a recording can have a hundred megabytes. The CRC of `node:zlib` is no choice,
 * because that module cannot be loaded once a program has replaced `Buffer.from`.
 */
export function hashBytes(bytes: Uint8Array): string {
  const padded = new Bytes(Math.ceil(bytes.length / 4) * 4);
  padded.set(bytes);
  let [low, high] = OFFSETS as readonly [number, number];
  low ^= bytes.length;
  const words = new Words(padded.buffer);
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    low = Math.imul(low ^ word, PRIME);
    high = Math.imul(high ^ (word + (high >>> 24)), PRIME);
  }
  return toDigits(low, high);
}

function toDigits(...lanes: readonly number[]): string {
  return lanes.map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}
