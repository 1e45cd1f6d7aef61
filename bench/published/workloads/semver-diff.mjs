import semver from 'semver';

const PAIRS = [
  ['0.0.1', '0.0.1-pre'],
  ['0.0.1', '0.0.1-pre-2'],
  ['1.1.0', '1.1.0-pre'],
  ['1.2.3', '2.0.0'],
];

function work(n) {
  let sum = 0;
  for (let i = 0; i < 20; i++) sum += semver.diff(...PAIRS[(n + i) % PAIRS.length]).length;
  return sum;
}

let total = 0;
for (let call = 0; call < 1200; call++) total += work(call);
if (!Number.isFinite(total)) throw new Error('the work came to nothing');
