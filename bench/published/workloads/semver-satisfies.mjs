import semver from 'semver';

const RANGES = ['^1.2.0', '>=1.0.0 <3.0.0', '~2.3.4 || ^4.0.0', '1.x'];

function work(n) {
  let sum = 0;
  for (let i = 0; i < 20; i++) sum += semver.satisfies(`1.${i}.${n % 10}`, RANGES[i % RANGES.length]) ? 1 : 0;
  return sum;
}

let total = 0;
for (let call = 0; call < 1200; call++) total += work(call);
if (!Number.isFinite(total)) throw new Error('the work came to nothing');
