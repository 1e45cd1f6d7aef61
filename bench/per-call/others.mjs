// Another target's module: V8 sees the probes of both.

export function measuredElsewhere(i) {
  let x = i | 0;
  x = Math.imul(x ^ (x >>> 3), 0x9e3779b1);
  return Math.imul(x ^ (x >>> 7), 0xc2b2ae35);
}
