// Functions that are busy for a known time: loops of dependent steps, whose number is found by timing many of them at
// once, without ttprof, in the same process.

/**
 * A step takes a ns or two and waits for the one before, and a call for the call before through its seed: a processor
 * does independent calls at the same time, which reading the clock in between would end.
 */
export function work(steps, seed) {
  let x = seed | 1;
  for (let i = 0; i < steps; i++) x = (Math.imul(x ^ (x >>> 7), 0x9e3779b1) + i) | 0;
  return x;
}

export function plainWork(steps, seed) {
  let x = seed | 1;
  for (let i = 0; i < steps; i++) x = (Math.imul(x ^ (x >>> 7), 0x9e3779b1) + i) | 0;
  return x;
}

export function child(steps, seed) {
  let x = seed | 1;
  for (let i = 0; i < steps; i++) x = (Math.imul(x ^ (x >>> 7), 0x9e3779b1) + i) | 0;
  return x;
}

export function parent(calls, steps) {
  let x = 0;
  for (let i = 0; i < calls; i++) x = child(steps, x);
  return x;
}

export function plainChild(steps, seed) {
  let x = seed | 1;
  for (let i = 0; i < steps; i++) x = (Math.imul(x ^ (x >>> 7), 0x9e3779b1) + i) | 0;
  return x;
}

export function plainParent(calls, steps) {
  let x = 0;
  for (let i = 0; i < calls; i++) x = plainChild(steps, x);
  return x;
}
