// Kinds of functions whose length can be chosen. A call of `(steps, seed)` takes no part in the next one's, as in most
// loops, so that the processor begins one while it ends the one before; how far differs by kind.

const DATA = `
const NUMBERS = Array.from({ length: 1024 }, (_, i) => i * 1.5);
const MAP = new Map(NUMBERS.map((number, i) => [i, number]));
const TEXT = 'what is hashed here, '.repeat(50);
const POINTS = NUMBERS.map((x, i) => ({ x, y: i, weight: i % 7 }));
`;

/** By name: the parameters and the body. */
export const KINDS = {
  'integers, a chain': `{
    let x = seed | 1;
    for (let i = 0; i < steps; i++) { x ^= x << 13; x ^= x >>> 17; x ^= x << 5; }
    return x;
  }`,
  'distances of points': `{
    let sum = seed;
    for (let i = 0; i < steps; i++) { const { x, y } = POINTS[i & 1023]; sum += Math.sqrt(x * x + y * y); }
    return sum;
  }`,
  'divisions and a branch': `{
    let sum = seed;
    for (let i = 1; i <= steps; i++) if (steps % i === 0) sum += i;
    return sum;
  }`,
  'sum of an array': `{
    let sum = seed;
    for (let i = 0; i < steps; i++) sum += NUMBERS[i & 1023];
    return sum;
  }`,
  'properties of objects': `{
    let sum = seed;
    for (let i = 0; i < steps; i++) { const { x, y, weight } = POINTS[i & 1023]; sum += (x - y) * weight; }
    return sum;
  }`,
  'lookups in a Map': `{
    let sum = seed;
    for (let i = 0; i < steps; i++) sum += MAP.get(i & 255);
    return sum;
  }`,
  'hash of a text': `{
    let hash = seed;
    for (let i = 0; i < steps; i++) hash = (hash * 31 + TEXT.charCodeAt(i & 1023)) | 0;
    return hash;
  }`,
  'JSON.parse': `{
    let sum = seed;
    for (let i = 0; i < steps; i++) sum += JSON.parse('[1,2]').length;
    return sum;
  }`,
};

/**
 * A module with a function of that kind for each length, `work0`, `work1`, …, and `parent` and `earlyParent`, which call
 * others, `child` and `early`. Each has a text of its own: V8 compiles equal texts once.
 */
export function moduleText(kind, lengths) {
  const names = [...Array.from({ length: lengths }, (_, index) => `work${index}`), 'child', 'early'];
  const functions = names.map((name) => `export function ${name}(steps, seed) ${KINDS[kind]}`);
  return [DATA, ...functions, parentText('parent', 'child'), parentText('earlyParent', 'early'), ''].join(
    '\n',
  );
}

function parentText(name, callee) {
  return `export function ${name}(calls, steps) {
    let sum = 0;
    for (let i = 0; i < calls; i++) sum = (sum + ${callee}(steps, i)) | 0;
    return sum;
  }`;
}
