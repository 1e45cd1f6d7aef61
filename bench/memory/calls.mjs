export function measured(i) {
  return Math.imul(i ^ (i >>> 3), 0x9e3779b1);
}
