import { z } from 'zod';

const SCHEMA = z.string();

function work(n) {
  let sum = 0;
  for (let i = 0; i < 50; i++) sum += SCHEMA.parse(`text ${n + i}`).length;
  return sum;
}

let total = 0;
for (let call = 0; call < 1200; call++) total += work(call);
if (!Number.isFinite(total)) throw new Error('the work came to nothing');
