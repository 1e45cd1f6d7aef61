import semver from 'semver';

const VERSIONS = Array.from({ length: 40 }, (_, i) => new semver.SemVer(`${i % 3}.${i % 7}.${i}`));

function work(n) {
  let sum = 0;
  for (let i = 0; i < 200; i++) sum += VERSIONS[i % 40].compare(VERSIONS[(i * 7 + n) % 40]);
  return sum;
}

let total = 0;
for (let call = 0; call < 1200; call++) total += work(call);
if (!Number.isFinite(total)) throw new Error('the work came to nothing');
