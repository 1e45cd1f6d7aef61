/**
 * A seeded generator of numbers in [0, 1): Chris Doty-Humphrey's sfc32, which passes PractRand. The same recording
 * gives the same report each time it is read.
 */
export function createRandom(seed: number): () => number {
  let a = seed | 0;
  let b = 0x9e3779b9 | 0;
  let c = 0x243f6a88 | 0;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  // the first outputs still resemble the seed
  for (let i = 0; i < 12; i++) next();
  return next;
}
