import { produce } from 'immer';

const STATE = { list: Array.from({ length: 50 }, (_, id) => ({ id, done: false })), count: 0 };

function work(n) {
  let sum = 0;
  for (let i = 0; i < 5; i++)
    sum += produce(STATE, (draft) => {
      draft.list[(n + i) % 50].done = true;
      draft.count++;
    }).count;
  return sum;
}

let total = 0;
for (let call = 0; call < 1200; call++) total += work(call);
if (!Number.isFinite(total)) throw new Error('the work came to nothing');
