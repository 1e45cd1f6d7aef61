import { tprof } from 'ttprof';

function add(a: number, b: number) {
  return a + b;
}

export function measure(): number {
  using run = tprof({ add });
  return run.fn.add(1, 2);
}
