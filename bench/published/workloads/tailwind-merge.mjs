import { twMerge } from 'tailwind-merge';

const CLASSES =
  'px-2 py-1 bg-red-500 hover:bg-red-600 text-sm font-bold rounded p-3 bg-[#B91C1C] md:flex lg:grid';

function work(n) {
  let sum = 0;
  // other text each time: what it has seen it keeps
  for (let i = 0; i < 5; i++) sum += twMerge(`${CLASSES} mt-${n}-${i} p-${i}`).length;
  return sum;
}

let total = 0;
for (let call = 0; call < 1200; call++) total += work(call);
if (!Number.isFinite(total)) throw new Error('the work came to nothing');
