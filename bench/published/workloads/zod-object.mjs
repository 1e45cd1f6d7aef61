import { z } from 'zod';

const SCHEMA = z.object({
  name: z.string(),
  age: z.number(),
  address: z.object({ city: z.string(), zip: z.string() }),
});

function work(n) {
  let sum = 0;
  for (let i = 0; i < 20; i++) {
    const input = { name: 'name', age: n, address: { city: 'city', zip: String(i) } };
    sum += SCHEMA.safeParse(input).success ? 1 : 0;
  }
  return sum;
}

let total = 0;
for (let call = 0; call < 1200; call++) total += work(call);
if (!Number.isFinite(total)) throw new Error('the work came to nothing');
