// Two copies of each: one that the preload rewrites, and one that a stand-in is made of.
export let sum = 0;

export function rewrittenSync(a, b) {
  sum += a;
  return b;
}

export function heldSync(a, b) {
  sum += a;
  return b;
}

export async function rewrittenAsyncThatNeverWaits(a, b) {
  sum += a;
  return b;
}

export async function heldAsyncThatNeverWaits(a, b) {
  sum += a;
  return b;
}

export async function rewrittenAsync(a, b) {
  sum += a;
  await null;
  return b;
}

export async function heldAsync(a, b) {
  sum += a;
  await null;
  return b;
}

export function* rewrittenGeneratorOfOne(a, b) {
  sum += a;
  yield b;
}

export function* heldGeneratorOfOne(a, b) {
  sum += a;
  yield b;
}

export function* rewrittenGenerator(a, b) {
  sum += a;
  for (let step = 0; step < 10; step++) yield b;
}

export function* heldGenerator(a, b) {
  sum += a;
  for (let step = 0; step < 10; step++) yield b;
}

export async function* rewrittenAsyncGeneratorOfOne(a, b) {
  sum += a;
  yield b;
}

export async function* heldAsyncGeneratorOfOne(a, b) {
  sum += a;
  yield b;
}

export async function* rewrittenAsyncGenerator(a, b) {
  sum += a;
  for (let step = 0; step < 10; step++) yield b;
}

export async function* heldAsyncGenerator(a, b) {
  sum += a;
  for (let step = 0; step < 10; step++) yield b;
}
