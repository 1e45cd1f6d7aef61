import { nanoid } from 'nanoid';

const LENGTH = 21;

function work(n) {
  let sum = 0;
  for (let i = 0; i < 20; i++) sum += nanoid(LENGTH).charCodeAt(n % LENGTH);
  return sum;
}

let total = 0;
for (let call = 0; call < 1200; call++) total += work(call);
if (!Number.isFinite(total)) throw new Error('the work came to nothing');
