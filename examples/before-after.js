// The first impression: one job written twice, both measured in one run.
function* range(end) {
  for (let number = 0; number < end; number++) yield number;
}

function before() {
  let total = 0;
  for (const number of range(100_000)) total += number;
  return total;
}

// The same sum without a generator: no iterator result for each number.
function after() {
  let total = 0;
  for (let number = 0; number < 100_000; number++) total += number;
  return total;
}

for (let call = 0; call < 100; call++) {
  if (before() !== after()) throw new Error('both must add up to the same');
}
