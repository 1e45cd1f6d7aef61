// The same functions in a module that holds no target, and with two bare readings of the clock.
const { performance } = globalThis;
/** Where readings go, so that V8 keeps them. */
export const sink = new Float64Array(1);

export function plainSync(i) {
  let x = i | 0;
  x = Math.imul(x ^ (x >>> 3), 0x9e3779b1);
  return Math.imul(x ^ (x >>> 5), 0x85ebca6b);
}

export function bareSync(i) {
  const start = performance.now();
  let x = i | 0;
  x = Math.imul(x ^ (x >>> 3), 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 5), 0x85ebca6b);
  sink[0] += performance.now() - start;
  return x;
}

export function plainRecursive(depth) {
  return depth === 0 ? 1 : plainRecursive(depth - 1) + 1;
}

export function bareRecursive(depth) {
  const start = performance.now();
  const result = depth === 0 ? 1 : bareRecursive(depth - 1) + 1;
  sink[0] += performance.now() - start;
  return result;
}

export async function plainAsync(i) {
  await null;
  return i;
}

export async function bareAsync(i) {
  const start = performance.now();
  await null;
  sink[0] += performance.now() - start;
  return i;
}

export async function plainWorkingAsync(i) {
  const x = Math.imul(i, 3);
  await null;
  return Math.imul(x, 5);
}

export async function bareWorkingAsync(i) {
  const start = performance.now();
  const x = Math.imul(i, 3);
  await null;
  const y = Math.imul(x, 5);
  sink[0] += performance.now() - start;
  return y;
}

export function* plainWorkingGenerator(i) {
  yield Math.imul(i, 3);
  return Math.imul(i, 5);
}

export function* bareWorkingGenerator(i) {
  const start = performance.now();
  yield Math.imul(i, 3);
  const x = Math.imul(i, 5);
  sink[0] += performance.now() - start;
  return x;
}

export function* plainGenerator(i) {
  yield i;
  return i + 1;
}

export function* bareGenerator(i) {
  const start = performance.now();
  yield i;
  sink[0] += performance.now() - start;
  return i + 1;
}

export function plainText(text) {
  let x = text.charCodeAt(0);
  x = Math.imul(x ^ (x >>> 3), 0x9e3779b1);
  return Math.imul(x ^ (x >>> 5), 0x85ebca6b);
}

export function bareText(text) {
  const start = performance.now();
  let x = text.charCodeAt(0);
  x = Math.imul(x ^ (x >>> 3), 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 5), 0x85ebca6b);
  sink[0] += performance.now() - start;
  return x;
}

export function plainTexts(texts, calls) {
  let sum = 0;
  for (let i = 0; i < calls; i++) sum = (sum + plainText(texts[i & 7])) | 0;
  return sum;
}

export function bareTexts(texts, calls) {
  let sum = 0;
  for (let i = 0; i < calls; i++) sum = (sum + bareText(texts[i & 7])) | 0;
  return sum;
}
