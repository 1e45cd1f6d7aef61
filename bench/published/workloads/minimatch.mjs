import { minimatch } from 'minimatch';

const PATTERNS = ['src/**/*.ts', '**/{a,b}/*.js', '*.md', 'test/**/!(*.snap)'];

function work(n) {
  let sum = 0;
  for (let i = 0; i < 5; i++) sum += minimatch(`src/a/b${n}/c.ts`, PATTERNS[i % PATTERNS.length]) ? 1 : 0;
  return sum;
}

let total = 0;
for (let call = 0; call < 1200; call++) total += work(call);
if (!Number.isFinite(total)) throw new Error('the work came to nothing');
