// The example of the README's first screen from inside of a program: no command line, the functions are given as they are.
import { tprof } from 'ttprof';

function* range(end) {
  for (let number = 0; number < end; number++) yield number;
}

function before() {
  let total = 0;
  for (const number of range(100_000)) total += number;
  return total;
}

function after() {
  let total = 0;
  for (let number = 0; number < 100_000; number++) total += number;
  return total;
}

tprof({ before, after }, { compare: true }, ({ before, after }) => {
  for (let call = 0; call < 100; call++) {
    if (before() !== after()) throw new Error('both must add up to the same');
  }
});
