// What --cpu tells apart: a function that computes, one that sleeps, and short ones. Each one's copy is not a target.

const lock = new Int32Array(new SharedArrayBuffer(4));

function compute(steps) {
  let x = 1;
  for (let i = 0; i < steps; i++) x = (Math.imul(x ^ (x >>> 7), 0x9e3779b1) + i) | 0;
  return x;
}

export function spinlock() {
  return compute(3e7);
}
export function plainSpinlock() {
  return compute(3e7);
}
export function sleeper() {
  return Atomics.wait(lock, 0, 0, 100);
}
export function plainSleeper() {
  return Atomics.wait(lock, 0, 0, 100);
}
export function short() {
  return compute(600);
}
export function plainShort() {
  return compute(600);
}
export function middling() {
  return compute(6000);
}
export function plainMiddling() {
  return compute(6000);
}
