import { deserialize, serialize } from 'bson';

const BYTES = serialize({
  name: 'a name',
  city: 'some city',
  tags: ['red', 'green', 'blue'],
  nested: { text: 'latin text', count: 3 },
});

function work(n) {
  let sum = 0;
  for (let i = 0; i < 10; i++) sum += deserialize(BYTES).tags.length + n;
  return sum;
}

let total = 0;
for (let call = 0; call < 1200; call++) total += work(call);
if (!Number.isFinite(total)) throw new Error('the work came to nothing');
