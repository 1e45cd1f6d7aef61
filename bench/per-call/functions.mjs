// The functions that per-call.mjs measures: those named `measured…` are targets, the others stand for code that is not.
// Bodies are small and return what depends on their argument, so that V8 neither drops nor shares the work.

export function measuredSync(i) {
  let x = i | 0;
  x = Math.imul(x ^ (x >>> 3), 0x9e3779b1);
  return Math.imul(x ^ (x >>> 5), 0x85ebca6b);
}

export function neighbour(i) {
  let x = i | 0;
  x = Math.imul(x ^ (x >>> 3), 0x9e3779b1);
  return Math.imul(x ^ (x >>> 5), 0x85ebca6b);
}

export function measuredRecursive(depth) {
  return depth === 0 ? 1 : measuredRecursive(depth - 1) + 1;
}

export async function measuredAsync(i) {
  await null;
  return i;
}

export function* measuredGenerator(i) {
  yield i;
  return i + 1;
}

// Something runs before and after they wait.

export async function measuredWorkingAsync(i) {
  const x = Math.imul(i, 3);
  await null;
  return Math.imul(x, 5);
}

export function* measuredWorkingGenerator(i) {
  yield Math.imul(i, 3);
  return Math.imul(i, 5);
}

/** Broken down by the length of its text. */
export function measuredText(text) {
  let x = text.charCodeAt(0);
  x = Math.imul(x ^ (x >>> 3), 0x9e3779b1);
  return Math.imul(x ^ (x >>> 5), 0x85ebca6b);
}

export function measuredTexts(texts, calls) {
  let sum = 0;
  for (let i = 0; i < calls; i++) sum = (sum + measuredText(texts[i & 7])) | 0;
  return sum;
}
